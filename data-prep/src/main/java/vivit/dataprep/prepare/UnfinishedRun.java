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
 * @param videos the videos to prepare, by id, with the lengths of their files at the start
 * @param base the finished set that it adds to, as it was at the start
 */
public record UnfinishedRun(
    String id, Manifest settings, List<ListedVideo> videos, Optional<FinishedSet> base) {

  /** Whether a preparation makes a new set or adds to one. */
  public enum Adding {
    /** The preparation makes a new set. */
    NOTHING,
    /** The preparation adds videos to a finished set. */
    TO_A_SET
  }

  public UnfinishedRun {
    videos = List.copyOf(videos);
  }

  /** Whether the preparation makes a new set or adds to one. */
  public Adding adding() {
    return base.isPresent() ? Adding.TO_A_SET : Adding.NOTHING;
  }

  /** Number of the first shard that it makes. */
  public int firstShard() {
    return base.map(FinishedSet::nextShard).orElse(0);
  }
}
