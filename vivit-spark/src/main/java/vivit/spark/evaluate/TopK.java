package vivit.spark.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Ranks of classes by score. Equal scores are ordered by class id, like {@code argmax} and {@code
 * top_k} in the original code; docs/vivit.md, 7.3.
 */
public final class TopK {
  private TopK() {}

  /**
   * Number of classes that rank before {@code label}: 0 for the prediction, below k within the top
   * k.
   *
   * @throws IllegalArgumentException if a score is not a number or {@code label} is not a class
   */
  public static int rank(double[] scores, int label) {
    if (label < 0 || label >= scores.length) {
      throw new IllegalArgumentException(
          "found label " + label + ", expected 0 to " + (scores.length - 1));
    }
    int before = 0;
    for (int k = 0; k < scores.length; k++) {
      refuseNaN(scores, k);
      if (scores[k] > scores[label] || (scores[k] == scores[label] && k < label)) {
        before++;
      }
    }
    return before;
  }

  /** The class with the highest score. */
  public static int best(double[] scores) {
    int best = 0;
    for (int k = 0; k < scores.length; k++) {
      refuseNaN(scores, k);
      if (scores[k] > scores[best]) {
        best = k;
      }
    }
    return best;
  }

  /** The {@code k} best classes, best first; all of them when there are fewer. */
  public static int[] of(int k, double[] scores) {
    return IntStream.range(0, scores.length)
        .peek(i -> refuseNaN(scores, i))
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer i) -> -(scores[i] + 0.0)).thenComparingInt(i -> i))
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static void refuseNaN(double[] scores, int k) {
    if (Double.isNaN(scores[k])) {
      throw new IllegalArgumentException("found NaN as the score of class " + k);
    }
  }
}
