package vivit.model.dl4j;

/**
 * Momentum SGD as the paper uses it: no Nesterov, no dampening, no weight decay.
 *
 * @param momentum in [0, 1)
 * @param maxGradientNorm a gradient whose global norm reaches this is scaled to it; 0 for never
 */
public record Optimiser(double momentum, double maxGradientNorm) {

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
}
