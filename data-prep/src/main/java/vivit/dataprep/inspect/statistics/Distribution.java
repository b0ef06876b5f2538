package vivit.dataprep.inspect.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * The distribution of one quantity.
 *
 * @param name of the quantity
 * @param unit of its values, such as {@code s}
 * @param count number of values; if 0, the other figures are NaN
 * @param percentiles by percent p: the smallest value that at least p % of the values do not exceed
 * @param bins of equal width; a single bin if all values are equal
 */
public record Distribution(
    String name,
    String unit,
    long count,
    double min,
    double max,
    double mean,
    SortedMap<Integer, Double> percentiles,
    List<Bin> bins) {
  /** Percentiles that are computed. */
  static final List<Integer> PERCENTS = List.of(1, 10, 25, 50, 75, 90, 99);

  private static final int BINS = 32;

  /** Counts the values in [from, to); the last bin includes its upper end. */
  public record Bin(double from, double to, long count) {}

  /** Computes the distribution of values in any order. */
  public static Distribution of(String name, String unit, DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    SortedMap<Integer, Double> percentiles = new TreeMap<>();
    for (int percent : PERCENTS) {
      percentiles.put(percent, percentile(sorted, percent));
    }
    boolean none = sorted.length == 0;
    return new Distribution(
        name,
        unit,
        sorted.length,
        none ? Double.NaN : sorted[0],
        none ? Double.NaN : sorted[sorted.length - 1],
        Arrays.stream(sorted).average().orElse(Double.NaN),
        percentiles,
        bins(sorted));
  }

  static double percentile(double[] sorted, double percent) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(rank, 1) - 1];
  }

  private static List<Bin> bins(double[] sorted) {
    if (sorted.length == 0) {
      return List.of();
    }
    double min = sorted[0];
    double max = sorted[sorted.length - 1];
    if (min == max) {
      return List.of(new Bin(min, max, sorted.length));
    }
    long[] counts = new long[BINS];
    for (double value : sorted) {
      counts[(int) Math.min(BINS - 1, (value - min) / (max - min) * BINS)]++;
    }
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      double from = min + (max - min) * i / BINS;
      bins.add(new Bin(from, min + (max - min) * (i + 1) / BINS, counts[i]));
    }
    return bins;
  }
}
