package vivit.spark.probe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.spark.evaluate.EvaluationMetrics;
import vivit.spark.evaluate.HeadScore;
import vivit.spark.evaluate.VideoScore;
import vivit.spark.probe.ProbeOutcome.ProbeResult;

/** Chooses the best probe by its figure on held-out training videos. */
final class ProbeChoice {
  private static final String LOSS = "loss";

  private ProbeChoice() {}

  /** Names of the figures that an evaluation of these heads has. */
  static Set<String> figures(LabelHeads heads) {
    List<HeadScore> nothing =
        heads.list().stream()
            .map(head -> new HeadScore(List.of(0), new double[head.classes()]))
            .toList();
    return EvaluationMetrics.of(heads, List.of(new VideoScore("none", 1, nothing)))
        .figures()
        .keySet();
  }

  /**
   * The figure that chooses by default: top-1 or mean average precision of the only head, {@code
   * action_top1} of two heads with one class each, otherwise the loss.
   */
  static String usual(LabelHeads heads) {
    if (heads.count() == 1) {
      return heads.get(0).labelling() == Labelling.SINGLE_LABEL ? "top1" : "mean_average_precision";
    }
    Set<String> all = figures(heads);
    return all.contains("action_top1") ? "action_top1" : LOSS;
  }

  /**
   * Computes all figures and chooses; of equal probes the first in the grid is chosen.
   *
   * @param losses of training
   * @param clips that were trained on
   * @throws Refusal if every probe diverged
   */
  static ProbeOutcome outcome(
      ProbeTraining.Setup setup,
      double[] losses,
      long clips,
      ProbeScores validation,
      ProbeScores test) {
    List<ProbeResult> results = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      results.add(
          new ProbeResult(
              setup.points().get(i),
              losses[i],
              figures(validation.metrics(i)),
              figures(test.metrics(i))));
    }
    int chosen = best(results, setup.select());
    EvaluationMetrics held = validation.metrics(chosen).orElseThrow();
    EvaluationMetrics best = test.metrics(chosen).orElseThrow();
    return new ProbeOutcome(
        results,
        chosen,
        classes(best).toString(),
        clips,
        held.videos(),
        held.views(),
        best.videos(),
        best.views());
  }

  private static Map<String, Double> figures(Optional<EvaluationMetrics> metrics) {
    return new LinkedHashMap<>(metrics.map(EvaluationMetrics::figures).orElse(Map.of()));
  }

  /** Index of the best result. */
  static int best(List<ProbeResult> results, String select) {
    int best = -1;
    for (int i = 0; i < results.size(); i++) {
      if (!results.get(i).diverged()
          && (best < 0 || score(results.get(i), select) > score(results.get(best), select))) {
        best = i;
      }
    }
    if (best < 0) {
      throw new Refusal(
          "All %d probes diverged: their logits are not finite; expected at least one that is trained. Lower probe.rates"
              .formatted(results.size()));
    }
    return best;
  }

  private static double score(ProbeResult result, String select) {
    double figure = result.validation().get(select);
    if (Double.isNaN(figure)) {
      return Double.NEGATIVE_INFINITY;
    }
    return select.endsWith(LOSS) ? -figure : figure;
  }

  private static ObjectNode classes(EvaluationMetrics metrics) {
    ObjectNode classes = JsonNodeFactory.instance.objectNode();
    for (int head = 0; head < metrics.heads().size(); head++) {
      metrics
          .heads()
          .get(head)
          .putClasses(classes, EvaluationMetrics.prefix(metrics.labels(), head));
    }
    return classes;
  }
}
