package vivit.model.dl4j;

/**
 * Momentum SGD as the paper uses it: no Nesterov, no dampening.
 *
 * @param momentum in [0, 1)
 * @param maxGradientNorm a gradient whose global norm reaches this is scaled to it; 0 for never
 * @param clipEach whose gradient that is
 */
public record Optimiser(double momentum, double maxGradientNorm, ClipEach clipEach) {

  /** Which gradient is scaled down to the largest norm. */
  public enum ClipEach {
    /** The mean over all clips of the step. */
    STEP,
    /** The mean of each micro-batch, before they are averaged. */
    MICRO_BATCH
  }

  /** Refuses values outside the ranges above. */
  public Optimiser {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("Momentum %s is not in [0, 1)".formatted(momentum));
    }
    if (!(maxGradientNorm >= 0) || Double.isInfinite(maxGradientNorm)) {
      throw new IllegalArgumentException(
          "Largest gradient norm %s is negative; use 0 for no clipping".formatted(maxGradientNorm));
    }
  }

  /** Clips the whole step's gradient. */
  public Optimiser(double momentum, double maxGradientNorm) {
    this(momentum, maxGradientNorm, ClipEach.STEP);
  }
}
