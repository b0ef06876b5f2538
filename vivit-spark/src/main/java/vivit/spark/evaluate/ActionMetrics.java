package vivit.spark.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics of two heads together, such as noun and verb.
 *
 * <p>An action is a class of the first head and a class of the second, scored by the product of
 * their probabilities; docs/vivit.md, 7.3. Equal products are ordered by first class, then by
 * second class, like {@code argmax} and {@code top_k} over the flattened table.
 *
 * @param correct videos whose best class is right in both heads
 * @param inTop5 videos whose pair of classes is among the five with the largest product of
 *     probabilities, or is right in both heads
 * @param pairs number of pairs of classes
 * @param videos number of videos
 */
public record ActionMetrics(long correct, long inTop5, long pairs, long videos) {

  /** The names of the figures for so many pairs of classes. */
  static List<String> names(long pairs) {
    return SingleLabelMetrics.names((int) Math.min(pairs, Integer.MAX_VALUE)).stream()
        .filter(name -> name.startsWith("top"))
        .toList();
  }

  /** Counts over videos; both heads have one class per video. */
  public static ActionMetrics of(List<VideoScore> scores) {
    long correct = 0;
    long inTop5 = 0;
    for (VideoScore score : scores) {
      HeadScore first = score.heads().get(0);
      HeadScore second = score.heads().get(1);
      boolean both =
          TopK.best(first.logits()) == first.label()
              && TopK.best(second.logits()) == second.label();
      long rank = both ? 0 : rank(first.softmax(), second.softmax(), first.label(), second.label());
      correct += both ? 1 : 0;
      inTop5 += rank < SingleLabelMetrics.FIVE ? 1 : 0;
    }
    List<HeadScore> heads = scores.get(0).heads();
    long pairs = (long) heads.get(0).logits().length * heads.get(1).logits().length;
    return new ActionMetrics(correct, inTop5, pairs, scores.size());
  }

  /** Share of videos that are right in both heads. */
  public double top1() {
    return (double) correct / videos;
  }

  /** Share of videos whose pair is among the five best. */
  public double top5() {
    return (double) inTop5 / videos;
  }

  /** The figures {@code top1} and, with more than five pairs, {@code top5}. */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("top1", top1());
    if (pairs > SingleLabelMetrics.FIVE) {
      figures.put("top5", top5());
    }
    return figures;
  }

  /** An action with its probability. */
  record Action(int first, int second, double probability) {}

  /**
   * Number of actions that rank before {@code (a, b)}: 0 for the prediction, below k within the top
   * k.
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

  /** The {@code k} best actions, best first; all of them if there are fewer. */
  static List<Action> top(int k, double[] first, double[] second) {
    int[] best = TopK.of(k, first);
    int[] secondBest = TopK.of(k, second);
    List<Action> pairs = new ArrayList<>();
    for (int i : best) {
      for (int j : secondBest) {
        pairs.add(new Action(i, j, first[i] * second[j]));
      }
    }
    pairs.sort(
        Comparator.comparingDouble((Action pair) -> -pair.probability())
            .thenComparingInt(Action::first)
            .thenComparingInt(Action::second));
    return List.copyOf(pairs.subList(0, Math.min(k, pairs.size())));
  }
}
