package vivit.spark.evaluate;

import java.util.List;

/**
 * Exact metrics of a set of videos. Everything is a sum over videos, divided once.
 *
 * @param labels class names by id
 * @param confusion {@code [k][k]} videos, rows truth, columns prediction
 * @param inTop5 videos whose label is among the five best classes
 * @param lossSum sum of the videos' cross-entropies, in nats
 * @param videos how many videos
 * @param views how many views of all videos together
 */
public record EvaluationMetrics(
    List<String> labels, long[][] confusion, long inTop5, double lossSum, long videos, long views) {

  /** A top-k accuracy says something only when there are more classes than this. */
  private static final int FIVE = 5;

  /**
   * Counts over {@code scores} in the given order.
   *
   * @throws IllegalArgumentException if there is no video
   */
  public static EvaluationMetrics of(List<String> labels, List<VideoScore> scores) {
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("found no video to evaluate, expected at least one");
    }
    long[][] confusion = new long[labels.size()][labels.size()];
    long inTop5 = 0;
    double lossSum = 0;
    long views = 0;
    for (VideoScore score : scores) {
      confusion[score.label()][TopK.best(score.logits())]++;
      inTop5 += TopK.rank(score.logits(), score.label()) < FIVE ? 1 : 0;
      lossSum += score.loss();
      views += score.views();
    }
    return new EvaluationMetrics(
        List.copyOf(labels), confusion, inTop5, lossSum, scores.size(), views);
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

  /** Whether there are enough classes for {@link #top5()} to say anything (more than five). */
  public boolean hasTop5() {
    return labels.size() > FIVE;
  }

  /** Mean cross-entropy, in nats. */
  public double loss() {
    return lossSum / videos;
  }

  /** How many videos carry this label. */
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
}
