package vivit.dataprep.prepare;

import java.util.List;
import java.util.Optional;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.VideoList.ListedVideo;

/**
 * A preparation that has started.
 *
 * @param id fingerprint of the three other components
 * @param settings a manifest without shards: release, configuration and labels
 * @param videos those to prepare, with the lengths that their files had, by id
 * @param base the set that it adds to, as it was before
 */
public record UnfinishedRun(
    String id, Manifest settings, List<ListedVideo> videos, Optional<FinishedSet> base) {

  /** Whether a preparation makes a new set or adds to one. */
  public enum Adding {
    /** It makes a set. */
    NOTHING,
    /** It adds videos to a finished set. */
    TO_A_SET
  }

  public UnfinishedRun {
    videos = List.copyOf(videos);
  }

  /** Whether it adds to a set. */
  public Adding adding() {
    return base.isPresent() ? Adding.TO_A_SET : Adding.NOTHING;
  }

  /** Number of its first shard. */
  public int firstShard() {
    return base.map(FinishedSet::nextShard).orElse(0);
  }
}
