package vivit.dataprep.prepare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import vivit.dataprep.source.LabelledVideo;

/**
 * Distributes videos over shards, so that all shards have about the same number of videos and the
 * same amount of work, and any prefix of the shards is a random sample.
 *
 * <p>Groups of videos (a video, or a few parts of one file) are shuffled, sorted by their estimated
 * cost, and dealt in rounds, one to each shard, the most expensive of a round to the shard with the
 * lowest cost so far. Within a shard they are shuffled again. Therefore no shard costs more than
 * the mean plus the most expensive group.
 */
public final class ShardPlanner {
  /**
   * A video and the length of its file.
   *
   * @param bytes of the whole file, also for a part of it
   */
  public record SizedVideo(LabelledVideo video, long bytes) {}

  /**
   * The settings that a plan depends on, apart from the videos.
   *
   * @param videosPerShard largest number of videos in one shard
   * @param shards smallest number of shards, as long as each has sixteen videos, so that small sets
   *     also keep many cores busy
   * @param clips number of clips per video
   * @param clipBytes approximate size of a clip
   * @param seed of the order
   */
  public record PlanSettings(int videosPerShard, int shards, int clips, long clipBytes, long seed) {
    private static final int LEAST_VIDEOS = 16;
    private static final int MOST_OF_A_FILE = 4;

    /** Number of shards for a number of videos. */
    int shards(int videos) {
      int bySize = (videos + videosPerShard - 1) / videosPerShard;
      return Math.max(bySize, Math.min(shards, videos / LEAST_VIDEOS));
    }

    /**
     * Largest number of parts of one file that share a shard and are cut in one opening of the
     * file.
     */
    int groupSize() {
      return Math.max(1, Math.min(MOST_OF_A_FILE, videosPerShard / 8));
    }
  }

  /** Cost of opening a file, in bytes of compressed video. */
  private static final long OPENING = 100_000;

  /** Bytes of a clip that cost as much to resize and write as one byte of compressed video. */
  private static final long CLIP_SHARE = 64;

  private record Group(ArrayList<LabelledVideo> videos, long cost) {}

  private final PlanSettings settings;
  private final SplittableRandom random;

  private ShardPlanner(PlanSettings settings) {
    this.settings = settings;
    this.random = new SplittableRandom(settings.seed());
  }

  /**
   * Plans shards.
   *
   * @param videos in any order
   * @param first number of the first shard
   */
  public static List<ShardPlan> plan(List<SizedVideo> videos, PlanSettings settings, int first) {
    return new ShardPlanner(settings).plan(videos, first);
  }

  private List<ShardPlan> plan(List<SizedVideo> videos, int first) {
    int shards = settings.shards(videos.size());
    List<Group> groups = groups(videos);
    shuffle(groups);
    groups.sort(
        Comparator.comparingInt((Group group) -> -group.videos().size())
            .thenComparingLong(group -> -group.cost()));
    List<List<Group>> dealt = deal(groups, shards);
    List<ShardPlan> plans = new ArrayList<>();
    for (List<Group> shard : dealt) {
      shuffle(shard);
      ArrayList<ArrayList<LabelledVideo>> parts = new ArrayList<>();
      ArrayList<Long> costs = new ArrayList<>();
      for (Group group : shard) {
        parts.add(group.videos());
        costs.add(group.cost());
      }
      if (!parts.isEmpty()) {
        plans.add(new ShardPlan(first + plans.size(), parts, costs));
      }
    }
    return plans;
  }

  /**
   * Makes a group of each whole video and record, and groups of a few parts of one file in order of
   * time.
   */
  private List<Group> groups(List<SizedVideo> videos) {
    List<SizedVideo> sorted = new ArrayList<>(videos);
    sorted.sort(Comparator.comparing(sized -> sized.video().id()));
    Map<String, List<SizedVideo>> files = new LinkedHashMap<>();
    for (SizedVideo video : sorted) {
      long record = video.video().record(); // records of a file share no work
      String file = video.video().path() + (record < 0 ? "" : "#" + record);
      files.computeIfAbsent(file, path -> new ArrayList<>()).add(video);
    }
    List<Group> groups = new ArrayList<>();
    for (List<SizedVideo> parts : files.values()) {
      parts.sort(
          Comparator.comparingDouble((SizedVideo part) -> part.video().span().start())
              .thenComparingDouble(part -> part.video().span().end()));
      int count = (parts.size() + settings.groupSize() - 1) / settings.groupSize();
      double length = length(parts);
      for (int i = 0; i < count; i++) {
        int from = (int) ((long) parts.size() * i / count);
        int to = (int) ((long) parts.size() * (i + 1) / count);
        groups.add(group(parts.subList(from, to), length));
      }
    }
    return groups;
  }

  private Group group(List<SizedVideo> parts, double length) {
    long cost = OPENING;
    ArrayList<LabelledVideo> videos = new ArrayList<>();
    for (SizedVideo part : parts) {
      videos.add(part.video());
      double seconds = part.video().span().end() - part.video().span().start();
      double share = Double.isInfinite(seconds) ? 1 : Math.min(1, seconds / length);
      cost += (long) (Math.max(0, part.bytes()) * share);
      cost += settings.clips() * settings.clipBytes() / CLIP_SHARE;
    }
    return new Group(videos, cost);
  }

  /** Lower bound of the length of a file in seconds, from its known parts. */
  private static double length(List<SizedVideo> parts) {
    return parts.stream()
        .mapToDouble(part -> part.video().span().end())
        .filter(Double::isFinite)
        .max()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private List<List<Group>> deal(List<Group> groups, int shards) {
    long[] load = new long[shards];
    List<List<Group>> dealt = new ArrayList<>();
    List<Integer> lightest = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      dealt.add(new ArrayList<>());
      lightest.add(shard);
    }
    shuffle(lightest);
    for (int from = 0; from < groups.size(); from += shards) {
      List<Group> round =
          new ArrayList<>(groups.subList(from, Math.min(from + shards, groups.size())));
      round.sort(Comparator.comparingLong(group -> -group.cost()));
      lightest.sort(Comparator.comparingLong(shard -> load[shard])); // stable
      for (int i = 0; i < round.size(); i++) {
        int shard = lightest.get(i);
        dealt.get(shard).add(round.get(i));
        load[shard] += round.get(i).cost();
      }
    }
    return dealt;
  }

  private void shuffle(List<?> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, random.nextInt(i + 1));
    }
  }
}
