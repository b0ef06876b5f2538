package vivit.dataprep.prepare;

import java.util.List;
import java.util.Optional;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.VideoList.ListedVideo;

/**
 * A preparation that was begun.
 *
 * @param id fingerprint of everything below
 * @param settings a manifest without shards: release, configuration and labels
 * @param videos what it prepares, with the lengths that their files had, by id
 * @param base the set that it adds to, as it was before
 */
public record UnfinishedRun(
    String id, Manifest settings, List<ListedVideo> videos, Optional<FinishedSet> base) {

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
