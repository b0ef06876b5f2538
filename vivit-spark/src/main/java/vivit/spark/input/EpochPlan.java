package vivit.spark.input;

import java.util.ArrayList;
import java.util.List;
import vivit.spark.input.StepOrder.StepPiece;

/**
 * The assignment of clips to the steps and workers of an epoch.
 *
 * <p>A permutation of all clips is cut into groups of {@code group} (the last may be smaller), the
 * groups into {@code ceil(clips / batchSize)} steps whose sizes differ by at most one group, and
 * the groups of a step into contiguous pieces for the workers, as equal as possible. Therefore
 * every clip is used exactly once per epoch, all steps have about the same size and at most the
 * batch size, and the steps do not depend on the number of workers.
 */
public final class EpochPlan {
  private final PlanKey key;
  private final int[] order;

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

  private EpochPlan(PlanKey key, int[] order) {
    this.key = key;
    this.order = order;
  }

  /** Plans one epoch, counted from 0. */
  public static EpochPlan of(PlanKey key, int epoch) {
    int[] order = new int[key.clips()];
    Draws draws = Draws.of(Draws.Use.PERMUTATION, key.seed(), epoch);
    for (int i = 0; i < order.length; i++) {
      int j = draws.below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return new EpochPlan(key, order);
  }

  /** Number of steps of this epoch. */
  public int steps() {
    return key.steps();
  }

  /** The clips of a step in order, as positions in the shard set. */
  public int[] clips(int step) {
    return slice(firstGroup(step), firstGroup(step + 1));
  }

  /** Divides a step among {@code workers} workers: one piece per worker, possibly without clips. */
  public List<StepPiece> pieces(int step, int workers) {
    int first = firstGroup(step);
    long groups = (long) firstGroup(step + 1) - first;
    List<StepPiece> pieces = new ArrayList<>(workers);
    for (int worker = 0; worker < workers; worker++) {
      int from = (int) (groups * worker / workers);
      int to = (int) (groups * (worker + 1) / workers);
      pieces.add(new StepPiece(slice(first + from, first + to), from, key.group()));
    }
    return pieces;
  }

  private int firstGroup(int step) {
    return (int) ((long) key.groups() * step / key.steps());
  }

  private int[] slice(int fromGroup, int toGroup) {
    int from = (int) Math.min((long) fromGroup * key.group(), order.length);
    int to = (int) Math.min((long) toGroup * key.group(), order.length);
    int[] clips = new int[to - from];
    System.arraycopy(order, from, clips, 0, clips.length);
    return clips;
  }
}
