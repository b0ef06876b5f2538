package vivit.spark.config;

import java.util.OptionalInt;
import vivit.dataprep.config.Span;
import vivit.spark.schedule.LearningRateSchedule;
import vivit.spark.schedule.Schedule;
import vivit.spark.schedule.StepValues;

/**
 * How to train.
 *
 * @param shards folder of the training shards
 * @param run folder of the run
 * @param seed of every random draw
 * @param workers empty for as many as the cluster has executors
 * @param epochs passes over all clips
 * @param batchSize clips of one step over all workers
 * @param averagingFrequency steps of one round
 * @param maxGradientNorm 0 for no clipping
 */
public record TrainingSettings(
    String shards,
    String run,
    long seed,
    OptionalInt workers,
    int epochs,
    int batchSize,
    int averagingFrequency,
    LearningRate learningRate,
    double momentum,
    double maxGradientNorm,
    Regularisation regularisation,
    Augmentation augmentation,
    Checkpoints checkpoints,
    Reporting reporting) {

  /** What to do when a worker's numbers are NaN or infinite. */
  public enum OnNonFinite {
    STOP,
    RETRY
  }

  /** Base rate and linear warm-up. */
  public record LearningRate(double base, Span warmup) {}

  /**
   * Regularisers inside the model and on the labels; {@code mixupGroup} clips are mixed together.
   */
  public record Regularisation(
      Schedule dropPath, Schedule mixup, int mixupGroup, Schedule labelSmoothing) {}

  /** Augmentation of the pixels. */
  public record Augmentation(
      Schedule scaleJitter, double minScale, double maxScale, Schedule flip) {}

  /** When to checkpoint and which to keep. */
  public record Checkpoints(Span every, int keep, int keepBest) {}

  /** What to tell, and when to give up. */
  public record Reporting(OnNonFinite onNonFinite, int logEvery, boolean ledger) {}

  /** Clips that must stay on one worker: those that may be mixed. */
  public int group() {
    return regularisation.mixup().max() > 0 ? regularisation.mixupGroup() : 1;
  }

  /** The learning rate over a run with this many steps per epoch. */
  public LearningRateSchedule learningRates(long stepsPerEpoch) {
    return new LearningRateSchedule(
        learningRate.base(), learningRate.warmup().steps(stepsPerEpoch), stepsPerEpoch * epochs);
  }

  /** What all schedules say for a step, counting from 0 over the whole run. */
  public StepValues values(long step, long stepsPerEpoch) {
    return new StepValues(
        learningRates(stepsPerEpoch).at(step),
        regularisation.dropPath().at(step, stepsPerEpoch),
        regularisation.mixup().at(step, stepsPerEpoch),
        regularisation.labelSmoothing().at(step, stepsPerEpoch),
        augmentation.scaleJitter().at(step, stepsPerEpoch),
        augmentation.flip().at(step, stepsPerEpoch));
  }
}
