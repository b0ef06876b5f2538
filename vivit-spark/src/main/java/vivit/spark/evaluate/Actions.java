package vivit.spark.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Pairs of a class of one head and a class of another, scored by the product of their
 * probabilities; docs/vivit.md, 7.3. Of equal products the pair with the lower first class comes
 * first, then that with the lower second class, as {@code argmax} and {@code top_k} over the
 * flattened table would have it.
 */
final class Actions {
  private Actions() {}

  /** A pair of class ids with its probability. */
  record Pair(int first, int second, double probability) {}

  /**
   * How many pairs come before {@code (a, b)}: 0 when it is the prediction, below k when it is
   * among the top k.
   *
   * @param first probabilities of the first head
   * @param second probabilities of the second
   */
  static long rank(double[] first, double[] second, int a, int b) {
    double product = first[a] * second[b];
    long before = 0;
    for (int i = 0; i < first.length; i++) {
      for (int j = 0; j < second.length; j++) {
        double other = first[i] * second[j];
        boolean earlier = i < a || (i == a && j < b);
        before += other > product || (other == product && earlier) ? 1 : 0;
      }
    }
    return before;
  }

  /** The {@code k} best pairs, best first; all of them when there are fewer. */
  static List<Pair> top(int k, double[] first, double[] second) {
    int[] best = TopK.of(k, first);
    int[] secondBest = TopK.of(k, second);
    List<Pair> pairs = new ArrayList<>();
    for (int i : best) {
      for (int j : secondBest) {
        pairs.add(new Pair(i, j, first[i] * second[j]));
      }
    }
    pairs.sort(
        Comparator.comparingDouble((Pair pair) -> -pair.probability())
            .thenComparingInt(Pair::first)
            .thenComparingInt(Pair::second));
    return List.copyOf(pairs.subList(0, Math.min(k, pairs.size())));
  }
}
