package vivit.model.parameter;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * Random initial values by kind of parameter; docs/vivit.md, 2.10. The values of a parameter depend
 * on the seed and its name, not on other parameters.
 */
public final class Initialisation {

  /** Standard deviation of a standard normal truncated at two deviations. */
  private static final double TRUNCATED_DEVIATION = 0.8796256610342398;

  private static final double POSITION_DEVIATION = 0.02;
  private static final double MLP_BIAS_DEVIATION = 1e-6;

  private Initialisation() {}

  /** Initial values of a parameter, in the flat vector's order. */
  public static double[] values(Parameter parameter, long seed) {
    String name = parameter.name();
    RandomGenerator random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + name.hashCode());
    double[] values = new double[Math.toIntExact(parameter.length())];
    if (name.endsWith("/scale")) {
      Arrays.fill(values, 1);
    } else if (name.endsWith("/pos_embedding")) {
      fill(values, () -> POSITION_DEVIATION * random.nextGaussian());
    } else if (name.equals("embedding/kernel") || name.equals("pre_logits/kernel")) {
      double deviation = Math.sqrt(1.0 / parameter.rows()) / TRUNCATED_DEVIATION;
      fill(values, () -> deviation * truncatedGaussian(random));
    } else if (name.contains("/MlpBlock") && name.endsWith("/bias")) {
      fill(values, () -> MLP_BIAS_DEVIATION * random.nextGaussian());
    } else if (name.contains("/encoderblock_") && name.endsWith("/kernel")) {
      double bound = Math.sqrt(6.0 / (parameter.rows() + parameter.columns()));
      fill(values, () -> random.nextDouble(-bound, bound));
    }
    return values;
  }

  private static double truncatedGaussian(RandomGenerator random) {
    double value = random.nextGaussian();
    while (Math.abs(value) > 2) {
      value = random.nextGaussian();
    }
    return value;
  }

  private static void fill(double[] values, DoubleSupplier source) {
    for (int i = 0; i < values.length; i++) {
      values[i] = source.getAsDouble();
    }
  }
}
