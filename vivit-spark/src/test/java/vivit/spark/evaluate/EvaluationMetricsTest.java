package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.spark.evaluate.Evaluation.EvaluationReport;

class EvaluationMetricsTest {
  private static final List<String> SEVEN = List.of("a", "b", "c", "d", "e", "f", "g");

  private static LabelHeads heads(List<String> labels) {
    return LabelHeads.of(LabelMap.of(labels));
  }

  private static VideoScore score(int id, int label, int views, double... logits) {
    return new VideoScore("video-" + id, views, List.of(new HeadScore(List.of(label), logits)));
  }

  private static List<VideoScore> random(int videos, int classes) {
    SplittableRandom random = new SplittableRandom(11);
    List<VideoScore> scores = new ArrayList<>();
    for (int i = 0; i < videos; i++) {
      scores.add(
          score(
              i,
              random.nextInt(classes),
              2,
              random.ints(classes, 0, 4).asDoubleStream().toArray()));
    }
    return scores;
  }

  @Test
  void agreesWithPlainCounting() {
    List<VideoScore> scores = random(101, 7);
    long correct = 0;
    long inFive = 0;
    double loss = 0;
    for (VideoScore score : scores) {
      List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6));
      order.sort(
          (a, b) ->
              Double.compare(
                  score.heads().get(0).logits()[b], score.heads().get(0).logits()[a])); // stable
      correct += order.get(0) == score.heads().get(0).label() ? 1 : 0;
      inFive += order.subList(0, 5).contains(score.heads().get(0).label()) ? 1 : 0;
      double total = 0;
      for (double logit : score.heads().get(0).logits()) {
        total += Math.exp(logit);
      }
      loss -=
          Math.log(Math.exp(score.heads().get(0).logits()[score.heads().get(0).label()]) / total);
    }
    EvaluationMetrics all = EvaluationMetrics.of(heads(SEVEN), scores);
    SingleLabelMetrics metrics = (SingleLabelMetrics) all.heads().get(0);
    assertThat(metrics.top1()).isEqualTo(correct / 101.0);
    assertThat(metrics.top5()).isEqualTo(inFive / 101.0);
    assertThat(metrics.loss()).isCloseTo(loss / 101, within(1e-12));
    assertThat(all.views()).isEqualTo(202);
    assertThat(all.loss()).isEqualTo(metrics.loss());
  }

  @Test
  void saysWhereTheModelIsWrong() {
    List<VideoScore> scores =
        List.of(
            score(0, 0, 1, 9, 0, 0),
            score(1, 1, 1, 0, 1, 0),
            score(2, 1, 1, 2, 1, 0),
            score(3, 2, 1, 0, 4, 0),
            score(4, 2, 1, 0, 1, 0));

    String text = Mistakes.of(EvaluationMetrics.of(heads(List.of("a", "b", "c")), scores), scores);

    assertThat(text.lines())
        .containsExactly(
            "Classes, the worst first",
            "    0.0 % of 2  c",
            "   50.0 % of 2  b",
            "Taken for another, the most frequent first",
            "  2 of 2  c -> b",
            "  1 of 2  b -> a",
            "Videos, the largest loss first",
            "   4.036  video-3: c -> b",
            "   1.551  video-4: c -> b",
            "   1.408  video-2: b -> a");
    assertThat(
            Mistakes.of(
                EvaluationMetrics.of(heads(List.of("a", "b", "c")), scores.subList(0, 2)),
                scores.subList(0, 2)))
        .isEmpty();
  }

  @Test
  void theConfusionMatrixHasTruthInRows() {
    List<String> labels = List.of("x", "y", "z");
    List<VideoScore> scores =
        List.of(score(0, 2, 1, 5, 0, 0), score(1, 2, 1, 0, 0, 5), score(2, 0, 1, 5, 0, 0));
    SingleLabelMetrics metrics =
        (SingleLabelMetrics) EvaluationMetrics.of(heads(labels), scores).heads().get(0);
    assertThat(metrics.confusion()).isEqualTo(new long[][] {{1, 0, 0}, {0, 0, 0}, {1, 0, 1}});
    assertThat(metrics.accuracyOf(2)).isEqualTo(0.5);
    assertThat(metrics.meanClassAccuracy()).isEqualTo(0.75); // of the classes that have videos
    assertThat(metrics.hasTop5()).isFalse();
  }

  @Test
  void theReportNamesEveryFigure() throws Exception {
    EvaluationMetrics metrics = EvaluationMetrics.of(heads(SEVEN), random(20, 7));
    byte[] json =
        new EvaluationReport("run/step", 42, "shards", "5e7", "1abe1", 40, 1, metrics).json();
    JsonNode root = new ObjectMapper().readTree(json);
    assertThat(root.get("top1").doubleValue()).isEqualTo(metrics.figures().get("top1"));
    assertThat(root.get("top5").doubleValue()).isEqualTo(metrics.figures().get("top5"));
    assertThat(root.get("loss").doubleValue()).isEqualTo(metrics.loss());
    assertThat(root.get("videos").intValue()).isEqualTo(20);
    assertThat(root.get("views").intValue()).isEqualTo(40);
    assertThat(root.get("views_per_video").intValue()).isEqualTo(2);
    assertThat(root.get("step").longValue()).isEqualTo(42);
    assertThat(root.get("checkpoint").textValue()).isEqualTo("run/step");
    assertThat(root.get("shards").textValue()).isEqualTo("shards");
    assertThat(root.get("shards_hash").textValue()).isEqualTo("5e7");
    assertThat(root.get("labels_hash").textValue()).isEqualTo("1abe1");
    assertThat(root.get("per_class")).hasSize(7);
    assertThat(root.get("per_class").get(3).get("name").textValue()).isEqualTo("d");
    long total = 0;
    for (JsonNode row : root.get("confusion")) {
      for (JsonNode count : row) {
        total += count.longValue();
      }
    }
    assertThat(total).isEqualTo(20);
  }

  @Test
  void topFiveOfFiveClassesIsNotReported() throws Exception {
    EvaluationMetrics metrics = EvaluationMetrics.of(heads(SEVEN.subList(0, 5)), random(9, 5));
    byte[] json = new EvaluationReport("run", 1, "s", "h", "l", 9, 1, metrics).json();
    assertThat(new ObjectMapper().readTree(json).has("top5")).isFalse();
  }

  @Test
  void namesAreKnownBeforeAVideoIsScored() {
    assertThat(EvaluationMetrics.names(heads(SEVEN)))
        .containsExactlyElementsOf(
            EvaluationMetrics.of(heads(SEVEN), random(9, 7)).figures().keySet())
        .contains("top5");
    assertThat(EvaluationMetrics.names(heads(SEVEN.subList(0, 5))))
        .containsExactlyElementsOf(
            EvaluationMetrics.of(heads(SEVEN.subList(0, 5)), random(9, 5)).figures().keySet());
    LabelHeads two = new LabelHeads(List.of(head("noun", 7), head("verb", 2)));
    HeadScore noun = new HeadScore(List.of(3), new double[7]);
    HeadScore verb = new HeadScore(List.of(1), new double[2]);
    assertThat(EvaluationMetrics.names(two))
        .containsExactlyElementsOf(
            EvaluationMetrics.of(two, List.of(new VideoScore("a", 1, List.of(noun, verb))))
                .figures()
                .keySet());
    LabelHeads many =
        new LabelHeads(List.of(new LabelHead("label", Labelling.MULTI_LABEL, LabelMap.of(SEVEN))));
    assertThat(EvaluationMetrics.names(many))
        .containsExactlyElementsOf(
            EvaluationMetrics.of(many, List.of(new VideoScore("a", 1, List.of(noun))))
                .figures()
                .keySet());
    assertThat(EvaluationMetrics.main(heads(SEVEN))).isEqualTo("top1");
    assertThat(EvaluationMetrics.main(two)).isEqualTo("action_top1");
    assertThat(EvaluationMetrics.main(many)).isEqualTo("mean_average_precision");
    assertThat(
            EvaluationMetrics.main(
                new LabelHeads(List.of(head("noun", 7), head("verb", 2), head("tool", 3)))))
        .isEqualTo("loss");
    assertThat(EvaluationMetrics.names(two))
        .filteredOn(EvaluationMetrics::isLoss)
        .containsExactly("noun_loss", "verb_loss", "loss");
  }

  private static LabelHead head(String name, int classes) {
    return new LabelHead(name, Labelling.SINGLE_LABEL, LabelMap.of(SEVEN.subList(0, classes)));
  }
}
