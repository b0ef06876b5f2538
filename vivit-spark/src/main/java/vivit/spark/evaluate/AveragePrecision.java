package vivit.spark.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;

/** How well scores rank the videos of a class before all others. */
final class AveragePrecision {
  private AveragePrecision() {}

  /**
   * Precision at every threshold, weighted by the recall that it gains: {@code sum (R_n - R_{n-1})
   * P_n}. Equal scores share a threshold, so their order does not matter.
   *
   * @return in (0, 1]; NaN without positives
   */
  static double of(double[] scores, boolean[] positive) {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -(scores[i] + 0.0)))
            .mapToInt(Integer::intValue)
            .toArray();
    long all = IntStream.range(0, scores.length).filter(i -> positive[i]).count();
    double sum = 0;
    long found = 0;
    int end = 0;
    while (end < order.length) {
      double threshold = scores[order[end]];
      long before = found;
      while (end < order.length && scores[order[end]] == threshold) {
        found += positive[order[end]] ? 1 : 0;
        end++;
      }
      sum += (found - before) * ((double) found / end);
    }
    return sum / all;
  }
}
