package vivit.bench.smalldata;

import java.util.List;
import java.util.Locale;

/**
 * Mean and spread of a figure over the seeds.
 *
 * @param count number of seeds
 * @param mean their mean
 * @param deviation their standard deviation, with the divisor n - 1; NaN for a single one
 */
record MeanDeviation(int count, double mean, double deviation) {

  /**
   * Computes both.
   *
   * @throws IllegalArgumentException if there are no values
   */
  static MeanDeviation of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("found no value, expected at least one");
    }
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return new MeanDeviation(values.size(), mean, Math.sqrt(squares / (values.size() - 1)));
  }

  /** {@code 81.3 ± 2.4}; the mean alone where there is no spread to speak of. */
  String text(double unit, int digits) {
    String number = "%." + digits + "f";
    return count == 1
        ? String.format(Locale.ROOT, number, mean / unit)
        : String.format(Locale.ROOT, number + " ± " + number, mean / unit, deviation / unit);
  }
}
