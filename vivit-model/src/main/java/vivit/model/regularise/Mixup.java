package vivit.model.regularise;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mixes row i of n with row n - 1 - i: {@code x <- lambda x + (1 - lambda) reversed x};
 * docs/vivit.md, 5.1. Clips and label rows are mixed with the same lambda.
 *
 * @see <a href="https://arxiv.org/abs/1710.09412">Zhang et al., mixup</a>
 */
public final class Mixup {

  private Mixup() {}

  /**
   * Draws the mixing weight from Beta(alpha, alpha).
   *
   * @param alpha above 0
   * @return in [0, 1]; a pure function of the arguments
   */
  public static double lambda(double alpha, long seed) {
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException("Mixup alpha %s is not above 0".formatted(alpha));
    }
    SplittableRandom random = new SplittableRandom(Seeds.mix(seed, 1));
    double logX = logGamma(alpha, random);
    double logY = logGamma(alpha, random);
    return 1 / (1 + Math.exp(logY - logX));
  }

  /**
   * Mixes rows along axis 0 in place; the middle row of an odd number of rows does not change.
   *
   * @param x at least two rows, any rank
   * @param lambda weight of the row itself, in [0, 1]
   */
  public static void mix(INDArray x, double lambda) {
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("Mixup weight %s is not in [0, 1]".formatted(lambda));
    }
    long rows = x.size(0);
    if (rows < 2) {
      throw new IllegalArgumentException("Mixup needs at least 2 rows, found " + rows);
    }
    for (long row = 0; row < rows / 2; row++) {
      INDArray first = x.slice(row);
      INDArray second = x.slice(rows - 1 - row);
      try (INDArray original = first.dup();
          INDArray mirrored = second.mul(1 - lambda);
          INDArray other = original.mul(1 - lambda)) {
        first.muli(lambda).addi(mirrored);
        second.muli(lambda).addi(other);
      }
    }
  }

  /** Logarithm of a Gamma(alpha, 1) draw, which does not underflow for small alphas. */
  private static double logGamma(double alpha, SplittableRandom random) {
    if (alpha < 1) {
      return logGamma(alpha + 1, random) + Math.log(1 - random.nextDouble()) / alpha;
    }
    // Marsaglia and Tsang (2000)
    double d = alpha - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return Math.log(d) + Math.log(v);
      }
    }
  }
}
