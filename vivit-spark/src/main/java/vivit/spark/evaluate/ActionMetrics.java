package vivit.spark.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often two heads are right together, such as noun and verb.
 *
 * @param correct videos whose best class is right in both heads
 * @param inTop5 videos whose pair of classes is among the five with the largest product of
 *     probabilities, or is right in both heads
 * @param pairs number of pairs of classes
 * @param videos how many videos
 */
public record ActionMetrics(long correct, long inTop5, long pairs, long videos) {

  /** Counts over videos that have two heads with one class each. */
  public static ActionMetrics of(List<VideoScore> scores) {
    long correct = 0;
    long inTop5 = 0;
    for (VideoScore score : scores) {
      HeadScore first = score.heads().get(0);
      HeadScore second = score.heads().get(1);
      boolean both =
          TopK.best(first.logits()) == first.label()
              && TopK.best(second.logits()) == second.label();
      long rank =
          both ? 0 : Actions.rank(first.softmax(), second.softmax(), first.label(), second.label());
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

  /** {@code top1}, and {@code top5} with more than five pairs. */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("top1", top1());
    if (pairs > SingleLabelMetrics.FIVE) {
      figures.put("top5", top5());
    }
    return figures;
  }
}
