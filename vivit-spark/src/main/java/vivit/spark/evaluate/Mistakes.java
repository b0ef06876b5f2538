package vivit.spark.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.text.Visible;

/**
 * Where a model is wrong, in one head with one class per video: the worst classes, the pairs that
 * are taken for each other, and the videos of the largest loss.
 */
final class Mistakes {
  private static final int MOST = 10;

  private final LabelHead head;
  private final SingleLabelMetrics metrics;
  private final StringBuilder text = new StringBuilder();

  private Mistakes(LabelHead head, SingleLabelMetrics metrics) {
    this.head = head;
    this.metrics = metrics;
  }

  /**
   * The tables of every head with one class per video; empty if there is none, or no video is
   * predicted wrong.
   */
  static String of(EvaluationMetrics metrics, List<VideoScore> scores) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < metrics.heads().size(); i++) {
      LabelHead head = metrics.labels().get(i);
      if (head.labelling() == Labelling.SINGLE_LABEL
          && metrics.heads().get(i) instanceof SingleLabelMetrics ofHead
          && ofHead.top1() < 1) {
        Mistakes mistakes = new Mistakes(head, ofHead);
        mistakes.classes();
        mistakes.confusions();
        mistakes.videos(i, scores);
        if (metrics.heads().size() > 1) {
          all.append(head.name()).append(System.lineSeparator());
        }
        all.append(mistakes.text);
      }
    }
    return all.toString().stripTrailing();
  }

  private void classes() {
    List<Integer> worst =
        IntStream.range(0, head.classes())
            .filter(id -> metrics.videosOf(id) > 0 && metrics.accuracyOf(id) < 1)
            .boxed()
            .sorted(Comparator.comparingDouble(metrics::accuracyOf))
            .toList();
    line("Classes, the worst first%s", more(worst.size()));
    for (int id : worst.subList(0, Math.min(MOST, worst.size()))) {
      line("  %5.1f %% of %d  %s", 100 * metrics.accuracyOf(id), metrics.videosOf(id), name(id));
    }
  }

  private void confusions() {
    record Pair(int truth, int predicted, long videos) {}
    List<Pair> pairs = new ArrayList<>();
    for (int truth = 0; truth < head.classes(); truth++) {
      for (int predicted = 0; predicted < head.classes(); predicted++) {
        long videos = metrics.confusion()[truth][predicted];
        if (truth != predicted && videos > 0) {
          pairs.add(new Pair(truth, predicted, videos));
        }
      }
    }
    pairs.sort(Comparator.comparingLong(Pair::videos).reversed());
    line("Taken for another, the most frequent first%s", more(pairs.size()));
    for (Pair pair : pairs.subList(0, Math.min(MOST, pairs.size()))) {
      line(
          "  %d of %d  %s -> %s",
          pair.videos(),
          metrics.videosOf(pair.truth()),
          name(pair.truth()),
          name(pair.predicted()));
    }
  }

  private void videos(int index, List<VideoScore> scores) {
    List<VideoScore> wrong =
        scores.stream()
            .filter(score -> best(score, index) != score.heads().get(index).label())
            .sorted(
                Comparator.comparingDouble(
                    (VideoScore score) -> -score.heads().get(index).softmaxLoss()))
            .toList();
    line("Videos, the largest loss first%s", more(wrong.size()));
    for (VideoScore score : wrong.subList(0, Math.min(MOST, wrong.size()))) {
      HeadScore found = score.heads().get(index);
      line(
          "  %6.3f  %s: %s -> %s",
          found.softmaxLoss(),
          Visible.text(score.video()),
          name(found.label()),
          name(best(score, index)));
    }
  }

  private static int best(VideoScore score, int index) {
    return TopK.best(score.heads().get(index).logits());
  }

  private static String more(int all) {
    return all > MOST ? " (%d of %d)".formatted(MOST, all) : "";
  }

  private String name(int id) {
    return Visible.text(head.map().name(id));
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }
}
