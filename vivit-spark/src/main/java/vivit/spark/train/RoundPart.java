package vivit.spark.train;

import java.io.Serializable;
import java.util.List;

/** A part of a worker's result, sent over the network at the end of a round. */
public sealed interface RoundPart extends Serializable {

  /**
   * One worker's values of one slice. A class, not a record: Kryo cannot write records by field.
   * The arrays belong to the part.
   */
  final class Contribution implements RoundPart {
    private static final long serialVersionUID = 1L;

    final int worker;
    final long clips;
    public final float[] parameters;
    public final float[] momentum;

    /**
     * Creates the values after {@code clips} clips; parameters and momentum may differ in length.
     */
    Contribution(int worker, long clips, float[] parameters, float[] momentum) {
      this.worker = worker;
      this.clips = clips;
      this.parameters = parameters;
      this.momentum = momentum;
    }
  }

  /** One slice averaged over all workers that trained. */
  final class Averaged implements RoundPart {
    private static final long serialVersionUID = 1L;

    public final int slice;
    public final float[] parameters;
    public final float[] momentum;

    Averaged(int slice, float[] parameters, float[] momentum) {
      this.slice = slice;
      this.parameters = parameters;
      this.momentum = momentum;
    }
  }

  /**
   * The report of one worker.
   *
   * @param worker the worker's slot, from 0
   * @param steps one entry per step, in order
   * @param seconds of its steps
   * @param waitedSeconds the part of these seconds spent waiting for clips
   * @param moved squared distance of its parameters from those that it started from; 0 where
   *     gradients are averaged
   */
  record WorkerReport(
      int worker, List<StepOutcome> steps, double seconds, double waitedSeconds, double moved)
      implements RoundPart {

    /** The same report with the distance. */
    WorkerReport moved(double squared) {
      return new WorkerReport(worker, steps, seconds, waitedSeconds, squared);
    }

    /** Whether all numbers after every step are finite. */
    boolean finite() {
      return steps.stream().allMatch(step -> step.nonFinite().isEmpty());
    }
  }

  /**
   * One step of one worker.
   *
   * @param step of the run, from 0
   * @param clips number of clips trained on
   * @param lossSum sum of the losses of these clips
   * @param correct clips whose largest logit is that of their largest label, of the first head
   * @param gradientNorm of the mean gradient, before clipping
   * @param nonFinite description of the NaN or infinity after the step; empty if all numbers are
   *     finite
   * @param clipIds ids of the clips, in the order of the batch, if a ledger is kept or a number is
   *     not finite; otherwise empty
   * @param swapped ids of the clips that were mirrored and got the label of the opposite class
   */
  record StepOutcome(
      long step,
      int clips,
      double lossSum,
      int correct,
      double gradientNorm,
      String nonFinite,
      List<String> clipIds,
      List<String> swapped)
      implements Serializable {}
}
