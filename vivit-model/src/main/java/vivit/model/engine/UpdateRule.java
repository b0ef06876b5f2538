package vivit.model.engine;

import java.io.Serializable;
import java.util.List;

/**
 * How a gradient changes parameters, with the rule's constants; docs/vivit.md, 5.1 and 5.1a.
 *
 * <p>Every rule keeps state vectors as long as the parameters, all zero before the first update.
 */
public sealed interface UpdateRule extends Serializable {

  /** Names of the state vectors, in the order in which {@link Engine#descend} takes them. */
  List<String> states();

  /** Refuses a share that would never forget. */
  private static void requireShare(String name, double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("%s %s is not in [0, 1)".formatted(name, share));
    }
  }

  /**
   * SGD with momentum, without Nesterov or dampening: {@code v <- mu v + g}, {@code w <- keep (w -
   * rate v)}.
   *
   * @param momentum mu, in [0, 1)
   */
  record Sgd(double momentum) implements UpdateRule {

    /** Refuses values outside the range above. */
    public Sgd {
      requireShare("Momentum", momentum);
    }

    @Override
    public List<String> states() {
      return List.of("momentum");
    }
  }

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@code m <- m + (1 - beta1) (g
   * - m)}, {@code v <- beta2 v + (1 - beta2) g^2}, {@code w <- keep w - rate m' / (sqrt(v') +
   * epsilon)} with {@code m' = m / (1 - beta1^t)} and {@code v' = v / (1 - beta2^t)}.
   *
   * @param beta1 share of the first moment that is kept, in [0, 1)
   * @param beta2 share of the second moment that is kept, in [0, 1)
   * @param epsilon added to the root of the second moment, above 0
   */
  record AdamW(double beta1, double beta2, double epsilon) implements UpdateRule {

    /** Refuses values outside the ranges above. */
    public AdamW {
      requireShare("Beta 1", beta1);
      requireShare("Beta 2", beta2);
      if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
        throw new IllegalArgumentException("Epsilon %s is not above 0".formatted(epsilon));
      }
    }

    @Override
    public List<String> states() {
      return List.of("first-moment", "second-moment");
    }

    /** What the first moment is divided by after so many updates: the share of its weights. */
    double firstShare(long updates) {
      return 1 - Math.pow(beta1, (double) updates);
    }

    /** What the second moment is divided by after so many updates. */
    double secondShare(long updates) {
      return 1 - Math.pow(beta2, (double) updates);
    }
  }

  /**
   * Lion (Chen et al., 2023): {@code w <- keep w - rate sign(beta1 m + (1 - beta1) g)}, then {@code
   * m <- beta2 m + (1 - beta2) g}.
   *
   * @param beta1 weight of the momentum in a step, in [0, 1)
   * @param beta2 share of the momentum that is kept, in [0, 1)
   */
  record Lion(double beta1, double beta2) implements UpdateRule {

    /** Refuses values outside the ranges above. */
    public Lion {
      requireShare("Beta 1", beta1);
      requireShare("Beta 2", beta2);
    }

    @Override
    public List<String> states() {
      return List.of("momentum");
    }
  }
}
