package vivit.model.dl4j;

import java.io.Serializable;
import vivit.model.engine.UpdateRule;

/**
 * What becomes of a gradient: it is clipped, then a rule updates the parameters; docs/vivit.md, 5.1
 * and 5.3.
 *
 * @param maxGradientNorm largest global norm, to which larger gradients are scaled; 0 for no limit
 * @param clipEach gradient that the limit applies to
 */
public record Optimiser(UpdateRule rule, double maxGradientNorm, ClipEach clipEach)
    implements Serializable {

  /** The gradient that the largest norm applies to. */
  public enum ClipEach {
    /** The mean gradient over all clips of the step. */
    STEP,
    /** The mean gradient of each micro-batch, before averaging. */
    MICRO_BATCH
  }

  /** Refuses values outside the ranges above. */
  public Optimiser {
    if (!(maxGradientNorm >= 0) || Double.isInfinite(maxGradientNorm)) {
      throw new IllegalArgumentException(
          "Largest gradient norm %s is negative; use 0 for no clipping".formatted(maxGradientNorm));
    }
  }

  /** Creates momentum SGD that clips the gradient of the whole step. */
  public Optimiser(double momentum, double maxGradientNorm) {
    this(new UpdateRule.Sgd(momentum), maxGradientNorm, ClipEach.STEP);
  }
}
