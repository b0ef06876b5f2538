package vivit.model.dl4j;

/**
 * Momentum SGD without Nesterov or dampening; docs/vivit.md, 5.1 and 5.3.
 *
 * @param momentum in [0, 1)
 * @param maxGradientNorm largest global norm, to which larger gradients are scaled; 0 for no limit
 * @param clipEach gradient that the limit applies to
 */
public record Optimiser(double momentum, double maxGradientNorm, ClipEach clipEach) {

  /** Gradient that is scaled down to the largest norm. */
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
