package vivit.spark.schedule;

/**
 * The learning rate of each step.
 *
 * @param base the largest rate, at the end of the warm-up
 * @param warmup steps of the rise, 0 for none; may be fractional
 * @param total steps of the whole run
 * @param stepsPerEpoch steps of an epoch
 */
public record LearningRateSchedule(
    double base, double warmup, long total, long stepsPerEpoch, RateShape shape) {

  public LearningRateSchedule {
    if (!(base > 0) || !(warmup >= 0) || total < 1 || Math.floor(warmup) >= total) {
      throw new IllegalArgumentException(
          String.format(
              "learning rate %s with a warm-up of %s steps in a run of %d steps; expected a positive"
                  + " rate and a warm-up shorter than the run",
              base, warmup, total));
    }
  }

  /** The schedule of the original ViViT training: a half cosine down to 0. */
  public LearningRateSchedule(double base, double warmup, long total) {
    this(base, warmup, total, total, new RateShape.Cosine(0));
  }

  /** The same in a run of another length. */
  public LearningRateSchedule withTotal(long steps) {
    return new LearningRateSchedule(base, warmup, steps, stepsPerEpoch, shape);
  }

  /** The rate of the update that follows {@code step} updates. */
  public double at(long step) {
    return shape.at(step, this);
  }

  /** The base rate times the share of the warm-up that is done. */
  double risen(long step) {
    return base * (warmup == 0 ? 1 : Math.min(1, step / warmup));
  }

  /** Share of the steps after the warm-up that are done; 0 during it. */
  double progress(long step) {
    return Math.max(0, step - warmup) / (total - Math.floor(warmup));
  }
}
