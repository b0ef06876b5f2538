package vivit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Central differences against gradients made by hand, in double. */
public final class GradientCheck {

  private static final double STEP = 1e-5;

  private GradientCheck() {}

  /** Checks every element, or every {@code stride}-th where there are many. */
  public static void check(
      String what, ToDoubleFunction<double[]> loss, double[] at, double[] gradient, int stride) {
    assertThat(gradient).as(what).hasSameSizeAs(at);
    double[] x = at.clone();
    for (int i = 0; i < x.length; i += stride) {
      x[i] = at[i] + STEP;
      double above = loss.applyAsDouble(x);
      x[i] = at[i] - STEP;
      double below = loss.applyAsDouble(x);
      x[i] = at[i];
      double expected = (above - below) / (2 * STEP);
      assertThat(gradient[i])
          .as("%s[%d]", what, i)
          .isEqualTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
    }
  }

  /** Checks the derivative along one random direction through all elements. */
  public static void checkAlong(
      String what, long seed, ToDoubleFunction<double[]> loss, double[] at, double[] gradient) {
    double[] direction = gaussian(seed, at.length);
    double expected =
        (loss.applyAsDouble(moved(at, direction, STEP))
                - loss.applyAsDouble(moved(at, direction, -STEP)))
            / (2 * STEP);
    assertThat(dot(gradient, direction))
        .as("slope of %s", what)
        .isEqualTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
  }

  private static double[] moved(double[] from, double[] direction, double by) {
    double[] moved = from.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += by * direction[i];
    }
    return moved;
  }

  /** Seeded numbers from a normal distribution. */
  public static double[] gaussian(long seed, long length) {
    Random random = new Random(seed);
    double[] values = new double[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  /** Sum of products. */
  public static double dot(double[] a, double[] b) {
    assertThat(a).hasSameSizeAs(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
