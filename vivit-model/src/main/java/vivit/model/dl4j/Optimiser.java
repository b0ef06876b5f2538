package vivit.model.dl4j;

/**
 * Momentum SGD without Nesterov or dampening; docs/vivit.md, 5.1 and 5.3.
 *
 * @param momentum in [0, 1)
 * @param maxGradientNorm largest global norm, to which larger gradients are scaled; 0 for no limit
 * @param clipEach gradient that the limit applies to
 */
public record Optimiser(double momentum, double maxGradientNorm, ClipEach clipEach) {

  /** The gradient that the largest norm applies to. */
  public enum ClipEach {
    /** The mean gradient over all clips of the step. */
    STEP,
    /** The mean gradient of each micro-batch, before averaging. */
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

  /** Creates an optimiser that clips the gradient of the whole step. */
  public Optimiser(double momentum, double maxGradientNorm) {
    this(momentum, maxGradientNorm, ClipEach.STEP);
  }
}
