package vivit.dataprep;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import vivit.dataprep.source.LabelledVideo;

/**
 * The videos of one shard. Which video goes where depends on the list of videos and the seed alone.
 *
 * @param shard number of the shard
 * @param videos in the order of their clips
 */
record ShardPlan(int shard, ArrayList<LabelledVideo> videos) implements Serializable {

  /** Shuffles the videos and deals them out, {@code videosPerShard} to each shard. */
  static List<ShardPlan> deal(List<LabelledVideo> videos, int videosPerShard, long seed) {
    List<LabelledVideo> shuffled = new ArrayList<>(videos);
    shuffled.sort(Comparator.comparing(LabelledVideo::id));
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      LabelledVideo moved = shuffled.set(i, shuffled.get(j));
      shuffled.set(j, moved);
    }
    List<ShardPlan> plans = new ArrayList<>();
    for (int from = 0; from < shuffled.size(); from += videosPerShard) {
      int to = Math.min(from + videosPerShard, shuffled.size());
      plans.add(new ShardPlan(plans.size(), new ArrayList<>(shuffled.subList(from, to))));
    }
    return plans;
  }
}
