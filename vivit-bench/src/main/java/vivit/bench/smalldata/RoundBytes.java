package vivit.bench.smalldata;

import vivit.spark.config.AveragingSettings;
import vivit.spark.config.AveragingSettings.Outer;
import vivit.spark.config.AveragingSettings.States;
import vivit.spark.config.TrainingSettings;
import vivit.spark.exchange.Packing;

/**
 * Bytes that an executor receives in a round, and as many that it sends, if every worker has an
 * executor of its own: computed, not measured.
 *
 * <p>Of N executors each owns an Nth of all slices. It fetches the rest of what its worker starts
 * from, then what the other workers contribute to its own slices, and keeps a copy of one other
 * executor's slices of those vectors that only their owners have.
 *
 * @param parameters of the model
 * @param workers N
 * @param states vectors of the optimiser, 1 for SGD and 2 for AdamW
 * @param averaging how workers are averaged
 * @param movingAverage whether the run keeps a moving average of its parameters
 */
public record RoundBytes(
    long parameters, int workers, int states, AveragingSettings averaging, boolean movingAverage) {

  /** Bytes of a round of the run with these settings. */
  public static RoundBytes of(long parameters, int workers, TrainingSettings training) {
    return new RoundBytes(
        parameters,
        workers,
        training.updates().optimiser().rule().states().size(),
        training.averaging(),
        training.averages());
  }

  /** Of a round of one step: parameters come, gradients go. */
  public double gradients() {
    return parameters * (others() * 2 * Float.BYTES + copies(ownersAlone() + states));
  }

  /** Of a round of several steps: parameters and averaged states come, differences of them go. */
  public double vectors() {
    int averaged = averaging.states() == States.AVERAGE ? states : 0;
    double come = (1 + averaged) * Float.BYTES;
    double go = wireBytes() + averaged * Float.BYTES;
    return parameters * (others() * (come + go) + copies(ownersAlone()));
  }

  /** Share of the slices that belong to others. */
  private double others() {
    return (workers - 1.0) / workers;
  }

  private double copies(int vectors) {
    return workers == 1 ? 0 : (double) vectors * Float.BYTES / workers;
  }

  /** Vectors beside parameters and states, which no worker needs. */
  private int ownersAlone() {
    return (averaging.outer() == Outer.AVERAGE ? 0 : 1) + (movingAverage ? 1 : 0);
  }

  /** Bytes of a value in a worker's difference; in long vectors. */
  private double wireBytes() {
    Packing wire = averaging.wire();
    int many = 1 << 20;
    return (double) wire.packedLength(many) * Float.BYTES / many;
  }
}
