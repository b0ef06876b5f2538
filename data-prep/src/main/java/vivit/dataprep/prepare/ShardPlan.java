package vivit.dataprep.prepare;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.source.LabelledVideo;

/**
 * The videos of one shard.
 *
 * @param shard number of the shard
 * @param groups of videos; a group holds parts of one file, in order of time
 * @param costs estimated cost of each group
 */
public record ShardPlan(
    int shard, ArrayList<ArrayList<LabelledVideo>> groups, ArrayList<Long> costs)
    implements Serializable {

  /** All videos, in the order of their clips. */
  public List<LabelledVideo> videos() {
    return groups.stream().flatMap(List::stream).toList();
  }

  /** The estimated cost, in arbitrary units. */
  public long cost() {
    return costs.stream().mapToLong(Long::longValue).sum();
  }
}
