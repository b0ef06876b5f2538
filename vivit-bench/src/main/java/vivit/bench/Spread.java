package vivit.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Durations of the same thing, in seconds. The median and the tenths at both ends stand for all of
 * them: a few that something else delayed change neither.
 *
 * @param count how many were measured
 * @param median half are shorter
 * @param p10 a tenth are shorter
 * @param p90 a tenth are longer
 * @param least the shortest
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Spread(int count, double median, double p10, double p90, double least) {

  /** Median and percentiles in milliseconds, as columns of a table. */
  String milliseconds() {
    return String.format(Locale.ROOT, "%9.3f %9.3f %9.3f", 1e3 * median, 1e3 * p10, 1e3 * p90);
  }

  /** What stands above these columns. */
  static String heading(String unit) {
    return String.format("%9s %9s %9s", unit, "p10", "p90");
  }

  /**
   * Of some durations; between two of them a quantile is interpolated.
   *
   * @throws IllegalArgumentException if there is none
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
