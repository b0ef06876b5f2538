package vivit.spark.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import vivit.spark.input.StepOrder.StepPiece;

/**
 * The assignment of clips to the steps and workers of an epoch.
 *
 * <p>A permutation of all clips, or a balanced draw, is cut into groups of {@code group} (the last
 * may be smaller), the groups into {@code ceil(clips / batchSize)} steps whose sizes differ by at
 * most one group, and the groups of a step into contiguous pieces for the workers, as equal as
 * possible. Therefore every clip of a permutation is used exactly once per epoch, all steps have
 * about the same size and at most the batch size, and the steps do not depend on the number of
 * workers.
 */
public final class EpochPlan {
  private final PlanKey key;
  private final int[] order;
  private final int[] earlier;

  /**
   * The arguments of a plan, which is a pure function of them.
   *
   * @param seed of the run
   * @param clips in the shard set
   * @param batchSize different clips of one step, over all workers; a multiple of {@code group}
   * @param group clips that stay together on one worker because mixup mixes them
   */
  public record PlanKey(long seed, int clips, int batchSize, int group) {
    public PlanKey {
      if (clips < 1 || batchSize < 1 || group < 1 || batchSize % group != 0) {
        throw new IllegalArgumentException(
            String.format(
                "cannot plan %d clips in batches of %d with mixup groups of %d; expected at least one"
                    + " clip and a batch size that is a multiple of the group",
                clips, batchSize, group));
      }
    }

    /** Number of steps of every epoch. */
    public int steps() {
      return Math.toIntExact(((long) clips + batchSize - 1) / batchSize);
    }

    int groups() {
      return Math.toIntExact(((long) clips + group - 1) / group);
    }
  }

  private EpochPlan(PlanKey key, int[] order, int[] earlier) {
    this.key = key;
    this.order = order;
    this.earlier = earlier;
  }

  /** Plans one epoch of all clips, counted from 0. */
  public static EpochPlan of(PlanKey key, int epoch) {
    Draws draws = Draws.of(Draws.Use.PERMUTATION, key.seed(), epoch);
    return new EpochPlan(key, permutation(key.clips(), draws), new int[key.clips()]);
  }

  /**
   * Plans one epoch of as many clips, counted from 0, in which every class that has clips is drawn
   * equally often; where their number does not divide that of the clips, some classes, other ones
   * every epoch, once more. The clips of a class are drawn without replacement until all have been
   * used, then again.
   *
   * @param classes of all clips
   */
  public static EpochPlan balanced(PlanKey key, int[] classes, int epoch) {
    Draws draws = Draws.of(Draws.Use.SAMPLING, key.seed(), epoch);
    SortedMap<Integer, List<Integer>> byClass = new TreeMap<>();
    for (int clip = 0; clip < classes.length; clip++) {
      byClass.computeIfAbsent(classes[clip], id -> new ArrayList<>()).add(clip);
    }
    int count = byClass.size();
    int[] turn = permutation(count, draws);
    int[] clips = new int[classes.length];
    int[] earlier = new int[classes.length];
    int at = 0;
    int number = 0;
    for (List<Integer> members : byClass.values()) {
      int quota = clips.length / count + (turn[number++] < clips.length % count ? 1 : 0);
      int[] order = new int[0];
      for (int drawn = 0; drawn < quota; drawn++) {
        if (drawn % members.size() == 0) {
          order = permutation(members.size(), draws);
        }
        clips[at] = members.get(order[drawn % members.size()]);
        earlier[at++] = drawn / members.size();
      }
    }
    int[] order = permutation(clips.length, draws);
    return new EpochPlan(key, picked(clips, order), picked(earlier, order));
  }

  private static int[] permutation(int count, Draws draws) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = draws.below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static int[] picked(int[] from, int[] order) {
    return Arrays.stream(order).map(i -> from[i]).toArray();
  }

  /** Number of steps of this epoch. */
  public int steps() {
    return key.steps();
  }

  /** The clips of a step in order, as positions in the shard set. */
  public int[] clips(int step) {
    return slice(order, firstGroup(step), firstGroup(step + 1));
  }

  /** Divides a step among {@code workers} workers: one piece per worker, possibly without clips. */
  public List<StepPiece> pieces(int step, int workers) {
    int first = firstGroup(step);
    long groups = (long) firstGroup(step + 1) - first;
    List<StepPiece> pieces = new ArrayList<>(workers);
    for (int worker = 0; worker < workers; worker++) {
      int from = (int) (groups * worker / workers);
      int to = (int) (groups * (worker + 1) / workers);
      pieces.add(
          new StepPiece(
              slice(order, first + from, first + to),
              slice(earlier, first + from, first + to),
              from,
              key.group()));
    }
    return pieces;
  }

  private int firstGroup(int step) {
    return (int) ((long) key.groups() * step / key.steps());
  }

  private int[] slice(int[] all, int fromGroup, int toGroup) {
    int from = (int) Math.min((long) fromGroup * key.group(), all.length);
    int to = (int) Math.min((long) toGroup * key.group(), all.length);
    return Arrays.copyOfRange(all, from, to);
  }
}
