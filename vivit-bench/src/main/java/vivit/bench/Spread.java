package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Statistics of repeated durations, in seconds. Median and 10th and 90th percentile are robust
 * against a few delayed runs.
 *
 * @param count number of durations
 * @param median half are shorter
 * @param p10 a tenth are shorter
 * @param p90 a tenth are longer
 * @param least the shortest
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Spread(int count, double median, double p10, double p90, double least) {

  /** Formats a row of a table: a name, median and percentiles in milliseconds, and other cells. */
  String row(String name, String cells) {
    return String.format(
        Locale.ROOT,
        "%-18s %9.3f %9.3f %9.3f %s%n",
        name,
        1e3 * median,
        1e3 * p10,
        1e3 * p90,
        cells);
  }

  /**
   * Formats the heading of such a table.
   *
   * @param unit heading of the durations
   */
  static String heading(String name, String unit, String cells) {
    return String.format("%-18s %9s %9s %9s %s%n", name, unit, "p10", "p90", cells);
  }

  /**
   * Summarises durations; a quantile between two of them is interpolated.
   *
   * @throws IllegalArgumentException if there are no durations
   */
  static Spread of(List<Double> seconds) {
    if (seconds.isEmpty()) {
      throw new IllegalArgumentException("found no duration, expected at least one");
    }
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Spread(
        sorted.length,
        quantile(sorted, 0.5),
        quantile(sorted, 0.1),
        quantile(sorted, 0.9),
        Arrays.stream(sorted).min().orElseThrow());
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
