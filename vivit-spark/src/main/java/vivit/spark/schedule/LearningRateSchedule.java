package vivit.spark.schedule;

/**
 * The compound learning rate {@code constant * cosine_decay * linear_warmup} of the original ViViT
 * training.
 *
 * <p>{@code lr(s) = base * min(1, s/W) * (1 + cos(pi * frac(max(0, s-W) / (T - floor(W))))) / 2},
 * where {@code s} is the number of updates already done, {@code W} the warm-up in steps (may be
 * fractional) and {@code T} the steps of the whole run. With any warm-up, the first update
 * therefore has a rate of 0.
 *
 * @param base the rate at the end of the warm-up
 * @param warmup steps of linear warm-up, 0 for none
 * @param total steps of the whole run
 */
public record LearningRateSchedule(double base, double warmup, long total) {

  public LearningRateSchedule {
    if (!(base > 0) || !(warmup >= 0) || total < 1 || Math.floor(warmup) >= total) {
      throw new IllegalArgumentException(
          String.format(
              "learning rate %s with a warm-up of %s steps in a run of %d steps; expected a positive"
                  + " rate and a warm-up shorter than the run",
              base, warmup, total));
    }
  }

  /** The rate of the update that follows {@code step} updates. */
  public double at(long step) {
    double rise = warmup == 0 ? 1 : Math.min(1, step / warmup);
    double progress = Math.max(0, step - warmup) / (total - Math.floor(warmup));
    double fall = 0.5 * (1 + Math.cos(Math.PI * (progress - Math.floor(progress))));
    return base * rise * fall;
  }
}
