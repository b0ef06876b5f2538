package vivit.spark.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics of a head with one class per video. All figures are sums over videos, divided once.
 *
 * @param labels class names by id
 * @param confusion {@code [k][k]} videos, rows truth, columns prediction
 * @param inTop5 videos whose label is among the five best classes
 * @param lossSum sum of the videos' cross-entropies, in nats
 * @param videos number of videos
 */
public record SingleLabelMetrics(
    List<String> labels, long[][] confusion, long inTop5, double lossSum, long videos)
    implements HeadMetrics {

  /** Top-5 accuracy is reported only for more than this number of classes. */
  static final int FIVE = 5;

  static final String TOP1 = "top1";
  private static final String TOP5 = "top5";
  private static final String MEAN_CLASS_ACCURACY = "mean_class_accuracy";

  /** The names of the figures for so many classes. */
  static List<String> names(int classes) {
    return classes > FIVE
        ? List.of(TOP1, TOP5, EvaluationMetrics.LOSS, MEAN_CLASS_ACCURACY)
        : List.of(TOP1, EvaluationMetrics.LOSS, MEAN_CLASS_ACCURACY);
  }

  /** Computes the metrics of {@code scores}, in the given order. */
  public static SingleLabelMetrics of(List<String> labels, List<HeadScore> scores) {
    long[][] confusion = new long[labels.size()][labels.size()];
    long inTop5 = 0;
    double lossSum = 0;
    for (HeadScore score : scores) {
      confusion[score.label()][TopK.best(score.logits())]++;
      inTop5 += TopK.rank(score.logits(), score.label()) < FIVE ? 1 : 0;
      lossSum += score.softmaxLoss();
    }
    return new SingleLabelMetrics(List.copyOf(labels), confusion, inTop5, lossSum, scores.size());
  }

  /** Share of videos whose best class is their label. */
  public double top1() {
    long correct = 0;
    for (int k = 0; k < confusion.length; k++) {
      correct += confusion[k][k];
    }
    return (double) correct / videos;
  }

  /** Share of videos whose label is among the five best classes; 1 with five classes or fewer. */
  public double top5() {
    return (double) inTop5 / videos;
  }

  /** Whether {@link #top5()} is meaningful: there are more than five classes. */
  public boolean hasTop5() {
    return labels.size() > FIVE;
  }

  @Override
  public double loss() {
    return lossSum / videos;
  }

  /** Number of videos with this label. */
  public long videosOf(int label) {
    long sum = 0;
    for (long count : confusion[label]) {
      sum += count;
    }
    return sum;
  }

  /** Share of this label's videos that are predicted right; NaN when it has none. */
  public double accuracyOf(int label) {
    return (double) confusion[label][label] / videosOf(label);
  }

  /** Mean of the per-class accuracies over the classes that have videos. */
  public double meanClassAccuracy() {
    double sum = 0;
    int classes = 0;
    for (int k = 0; k < confusion.length; k++) {
      if (videosOf(k) > 0) {
        sum += accuracyOf(k);
        classes++;
      }
    }
    return sum / classes;
  }

  /**
   * The figures {@code top1}, {@code top5} with more than five classes, {@code loss}, and the mean
   * accuracy per class.
   */
  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(TOP1, top1());
    if (hasTop5()) {
      figures.put(TOP5, top5());
    }
    figures.put(EvaluationMetrics.LOSS, loss());
    figures.put(MEAN_CLASS_ACCURACY, meanClassAccuracy());
    return figures;
  }

  /** Adds {@code per_class}, and {@code confusion}: rows truth, columns prediction. */
  @Override
  public void putClasses(ObjectNode report, String prefix) {
    ArrayNode perClass = report.putArray(prefix + "per_class");
    ArrayNode matrix = report.putArray(prefix + "confusion");
    for (int k = 0; k < labels.size(); k++) {
      ObjectNode row = perClass.addObject();
      row.put("id", k);
      row.put("name", labels.get(k));
      row.put("videos", videosOf(k));
      if (videosOf(k) > 0) {
        row.put("accuracy", accuracyOf(k));
      }
      ArrayNode counts = matrix.addArray();
      for (long count : confusion[k]) {
        counts.add(count);
      }
    }
  }
}
