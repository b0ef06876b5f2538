package vivit.spark.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;

/**
 * Exact metrics of a set of videos.
 *
 * @param labels the heads with their classes
 * @param heads metrics of each
 * @param action metrics of both heads together, for two heads with one class each
 * @param videos number of videos
 * @param views number of views of all videos
 */
public record EvaluationMetrics(
    LabelHeads labels,
    List<HeadMetrics> heads,
    Optional<ActionMetrics> action,
    long videos,
    long views) {

  static final String LOSS = "loss";

  private static final String ACTION = "action_";

  /**
   * Computes the metrics of {@code scores}, in the given order.
   *
   * @throws Refusal if there is no video
   */
  public static EvaluationMetrics of(LabelHeads labels, List<VideoScore> scores) {
    if (scores.isEmpty()) {
      throw new Refusal("found no video to evaluate, expected at least one");
    }
    List<HeadMetrics> heads = new ArrayList<>();
    for (int i = 0; i < labels.count(); i++) {
      int head = i;
      heads.add(
          HeadMetrics.of(
              labels.get(head), scores.stream().map(score -> score.heads().get(head)).toList()));
    }
    return new EvaluationMetrics(
        labels,
        List.copyOf(heads),
        haveActions(labels) ? Optional.of(ActionMetrics.of(scores)) : Optional.empty(),
        scores.size(),
        scores.stream().mapToLong(VideoScore::views).sum());
  }

  /** Whether videos have actions: there are two heads with one class each. */
  static boolean haveActions(LabelHeads labels) {
    return labels.count() == 2
        && labels.list().stream().allMatch(head -> head.labelling() == Labelling.SINGLE_LABEL);
  }

  /** Mean of the heads' losses, in nats. */
  public double loss() {
    return heads.stream().mapToDouble(HeadMetrics::loss).average().orElseThrow();
  }

  /** Prefix of the names of a head's figures and columns; empty for the only head. */
  public static String prefix(LabelHeads labels, int head) {
    return labels.count() == 1 ? "" : labels.get(head).name() + "_";
  }

  /**
   * All figures by name, in the order in which they are shown. With several heads each name begins
   * with its head's name, {@code action_top1} and {@code action_top5} are figures of both heads
   * together, and {@code loss} is the mean over the heads.
   */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int i = 0; i < heads.size(); i++) {
      String prefix = prefix(labels, i);
      heads.get(i).figures().forEach((name, value) -> figures.put(prefix + name, value));
    }
    action.ifPresent(
        both -> both.figures().forEach((name, value) -> figures.put(ACTION + name, value)));
    figures.put(LOSS, loss());
    return figures;
  }

  /**
   * The names of the figures that videos of these heads have, in the order in which they are shown.
   */
  public static List<String> names(LabelHeads labels) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < labels.count(); i++) {
      String prefix = prefix(labels, i);
      HeadMetrics.names(labels.get(i)).forEach(name -> names.add(prefix + name));
    }
    if (haveActions(labels)) {
      long pairs = (long) labels.get(0).classes() * labels.get(1).classes();
      ActionMetrics.names(pairs).forEach(name -> names.add(ACTION + name));
    }
    if (labels.count() > 1) {
      names.add(LOSS);
    }
    return names;
  }

  /** The figure that says most about heads: accuracy if there is one for all, else the loss. */
  public static String main(LabelHeads labels) {
    return labels.count() == 1
        ? names(labels).get(0)
        : haveActions(labels) ? ACTION + SingleLabelMetrics.TOP1 : LOSS;
  }

  /** Whether a figure is better when it is lower. */
  public static boolean isLoss(String name) {
    return name.equals(LOSS) || name.endsWith("_" + LOSS);
  }

  /** The figures in one readable line, shares in percent. */
  public String summary() {
    return figures().entrySet().stream()
        .filter(figure -> !figure.getKey().endsWith("mean_class_accuracy"))
        .map(
            figure ->
                figure.getKey().endsWith("loss")
                    ? String.format(Locale.ROOT, "%s %.4f", words(figure), figure.getValue())
                    : String.format(
                        Locale.ROOT, "%s %.1f %%", words(figure), 100 * figure.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String words(Map.Entry<String, Double> figure) {
    return figure.getKey().replace("top1", "top-1").replace("top5", "top-5").replace('_', ' ');
  }
}
