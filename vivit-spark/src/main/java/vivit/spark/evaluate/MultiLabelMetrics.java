package vivit.spark.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Metrics of a head with any number of classes per video.
 *
 * @param labels class names by id
 * @param averagePrecision per class; NaN for a class without videos
 * @param positives videos of each class
 * @param lossSum sum over videos and classes of the binary cross-entropies, in nats
 * @param videos number of videos
 */
public record MultiLabelMetrics(
    List<String> labels, double[] averagePrecision, long[] positives, double lossSum, long videos)
    implements HeadMetrics {

  static final String MEAN_AVERAGE_PRECISION = "mean_average_precision";

  /** Ranks all videos for every class. The order of {@code scores} changes rounding only. */
  public static MultiLabelMetrics of(List<String> labels, List<HeadScore> scores) {
    double[] averagePrecision = new double[labels.size()];
    long[] positives = new long[labels.size()];
    double[] logits = new double[scores.size()];
    boolean[] positive = new boolean[scores.size()];
    for (int k = 0; k < labels.size(); k++) {
      for (int i = 0; i < logits.length; i++) {
        logits[i] = scores.get(i).logits()[k];
        positive[i] = scores.get(i).labels().contains(k);
        positives[k] += positive[i] ? 1 : 0;
      }
      averagePrecision[k] = averagePrecision(logits, positive);
    }
    double lossSum = scores.stream().mapToDouble(HeadScore::sigmoidLoss).sum();
    return new MultiLabelMetrics(
        List.copyOf(labels), averagePrecision, positives, lossSum, scores.size());
  }

  /**
   * Average precision of a class, a measure of how well scores rank its videos before all others:
   * precision at every threshold, weighted by the gain in recall, {@code sum (R_n - R_{n-1}) P_n}.
   * Equal scores share a threshold, so their order does not matter.
   *
   * @return in (0, 1]; NaN without positives
   */
  static double averagePrecision(double[] scores, boolean[] positive) {
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

  /** Mean average precision over the classes that have videos; NaN if none has. */
  public double meanAveragePrecision() {
    double sum = 0;
    int classes = 0;
    for (int k = 0; k < positives.length; k++) {
      if (positives[k] > 0) {
        sum += averagePrecision[k];
        classes++;
      }
    }
    return sum / classes;
  }

  @Override
  public double loss() {
    return lossSum / videos;
  }

  /** The figures {@code mean_average_precision}, unless no video has a class, and {@code loss}. */
  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    double mean = meanAveragePrecision();
    if (!Double.isNaN(mean)) {
      figures.put(MEAN_AVERAGE_PRECISION, mean);
    }
    figures.put(EvaluationMetrics.LOSS, loss());
    return figures;
  }

  /** Adds {@code per_class}. */
  @Override
  public void putClasses(ObjectNode report, String prefix) {
    ArrayNode perClass = report.putArray(prefix + "per_class");
    for (int k = 0; k < labels.size(); k++) {
      ObjectNode row = perClass.addObject();
      row.put("id", k);
      row.put("name", labels.get(k));
      row.put("videos", positives[k]);
      if (positives[k] > 0) {
        row.put("average_precision", averagePrecision[k]);
      }
    }
  }
}
