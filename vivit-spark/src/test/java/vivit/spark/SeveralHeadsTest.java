package vivit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.shard.ShardSet;
import vivit.spark.evaluate.ClipListing;
import vivit.spark.evaluate.Evaluation;
import vivit.spark.train.TrainingSpark;

/** Nouns and verbs, and several classes per video, from CSV file to metrics. */
class SeveralHeadsTest {
  private static final int VIDEOS = 9;
  private static final int NOUNS = 7;
  private static final int VERBS = 3;
  private static final String[] HEADS = {"prepare.heads=[noun, verb]", ""};

  @TempDir static Path shared;
  private static TinyPipeline videos;

  @BeforeAll
  static void run() throws IOException {
    videos = new TinyPipeline(shared, VIDEOS);
    Path lists = Files.createDirectories(shared.resolve("lists"));
    Files.writeString(lists.resolve("noun.txt"), "n0\nn1\nn2\nn3\nn4\nn5\nn6\n");
    Files.writeString(lists.resolve("verb.txt"), "v0\nv1\nv2\n");
    HEADS[1] = "prepare.labels=" + lists;
    videos.prepare("train", csv(), HEADS);
    videos.prepare(
        "test", csv(), HEADS[0], "prepare.labels=" + shared.resolve("shards/train"), EVALUATION);
    videos.train(
        "train",
        "train.label-smoothing=0.1",
        "train.validate.shards=" + shared.resolve("shards/test"),
        "train.validate.crops=3");
  }

  private static final String EVALUATION = "prepare.purpose=evaluation";

  private static String csv() {
    StringBuilder text = new StringBuilder("path,verb,noun,start,end\n");
    for (int video = 0; video < VIDEOS; video++) {
      text.append("%d.avi,v%d,n%d,0,1.2%n".formatted(video, video % VERBS, video % NOUNS));
    }
    return text.toString();
  }

  @Test
  void theFirstLossIsTheMeanOfTheLogarithms() throws IOException {
    String first = Files.readAllLines(shared.resolve("run/metrics.jsonl")).get(0);
    JsonNode line = new ObjectMapper().readTree(first);
    assertThat(line.get("step").asInt()).isEqualTo(1);
    assertThat(line.get("loss").asDouble())
        .isCloseTo((Math.log(NOUNS) + Math.log(VERBS)) / 2, within(1e-6));
  }

  @Test
  void validationHasTheFiguresOfBothHeads() throws IOException {
    requireSameFigures(shared, videos.evaluate("test").report().metrics().figures());
    JsonNode best =
        new ObjectMapper()
            .readTree(shared.resolve("run/checkpoints/step-00000018/state.json").toFile())
            .at("/state/validation");
    assertThat(best.get("metric").asText()).isEqualTo("action_top1");
  }

  @Test
  void videosAreKnownByTheSetsList() throws IOException {
    org.apache.hadoop.fs.Path set =
        new org.apache.hadoop.fs.Path(shared.resolve("shards/test").toUri());

    assertThat(ClipListing.videos(TrainingSpark.context(), ShardSet.open(set, new Configuration())))
        .hasSize(VIDEOS)
        .doesNotContainValue(ClipListing.UNKNOWN);
  }

  /** Compares an evaluation with the last validation of the run in a folder. */
  private static void requireSameFigures(Path folder, Map<String, Double> figures)
      throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("run/metrics.jsonl"));
    JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(figures).isNotEmpty();
    figures.forEach(
        (name, value) ->
            assertThat(last.get("validation_" + name).asDouble()).as(name).isEqualTo(value));
  }

  @Test
  void theMetricsAreThoseOfThePredictions() throws IOException {
    Evaluation evaluation = videos.evaluate("test");

    JsonNode metrics =
        new ObjectMapper().readTree(shared.resolve("evaluation/metrics.json").toFile());
    List<Group> rows = predictions();
    assertThat(rows).hasSize(VIDEOS);
    assertThat(rows).allMatch(row -> row.getInteger("views", 0) == 6);
    int nouns = 0;
    int nouns5 = 0;
    int verbs = 0;
    int actions = 0;
    int actions5 = 0;
    double loss = 0;
    for (Group row : rows) {
      double[] noun = softmax(list(row, "noun_logits"));
      double[] verb = softmax(list(row, "verb_logits"));
      int trueNoun = row.getInteger("noun_id", 0);
      int trueVerb = row.getInteger("verb_id", 0);
      double[] products = new double[NOUNS * VERBS];
      for (int i = 0; i < products.length; i++) {
        products[i] = noun[i / VERBS] * verb[i % VERBS];
      }
      boolean rightNoun = order(noun).get(0) == trueNoun;
      boolean rightVerb = order(verb).get(0) == trueVerb;
      nouns += rightNoun ? 1 : 0;
      nouns5 += order(noun).subList(0, 5).contains(trueNoun) ? 1 : 0;
      verbs += rightVerb ? 1 : 0;
      actions += rightNoun && rightVerb ? 1 : 0;
      actions5 += order(products).subList(0, 5).contains(trueNoun * VERBS + trueVerb) ? 1 : 0;
      loss -= (Math.log(noun[trueNoun]) + Math.log(verb[trueVerb])) / 2;
      assertThat(row.getString("noun_name", 0)).isEqualTo("n" + trueNoun);
      assertThat(row.getInteger("verb_predicted_id", 0)).isEqualTo(order(verb).get(0));
      assertThat(list(row, "noun_probabilities")).containsExactly(noun, within(1e-12));
    }
    assertThat(verbs).isPositive(); // so that the comparison says something
    assertThat(actions5).isBetween(1, VIDEOS - 1);
    assertThat(metrics.get("noun_top1").asDouble()).isEqualTo(nouns / 9.0);
    assertThat(metrics.get("noun_top5").asDouble()).isEqualTo(nouns5 / 9.0);
    assertThat(metrics.get("verb_top1").asDouble()).isEqualTo(verbs / 9.0);
    assertThat(metrics.has("verb_top5")).isFalse();
    assertThat(metrics.get("action_top1").asDouble()).isEqualTo(actions / 9.0);
    assertThat(metrics.get("action_top5").asDouble()).isEqualTo(actions5 / 9.0);
    assertThat(metrics.get("loss").asDouble()).isCloseTo(loss / 9, within(1e-9));
    assertThat(metrics.get("noun_per_class")).hasSize(NOUNS);
    assertThat(metrics.get("verb_confusion")).hasSize(VERBS);
    assertThat(metrics.get("verb_per_class").get(2).get("name").asText()).isEqualTo("v2");
    assertThat(evaluation.report().metrics().summary())
        .matches(
            "noun top-1 .* %, noun top-5 .* %, noun loss .*, verb top-1 .* %, verb loss .*,"
                + " action top-1 .* %, action top-5 .* %, loss .*");
  }

  @Test
  void predictionNamesNounsVerbsAndActions() throws IOException {
    Predict.Request request =
        Predict.Request.parse(
            shared.resolve("run").toString(), shared.resolve("3.avi").toString(), "predict.top=2");
    var prediction = Predict.predict(request, new Configuration());
    assertThat(prediction.table(2).lines().map(String::strip).toList())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("noun"),
            line -> assertThat(line).matches(".* % .*n\\d"),
            line -> assertThat(line).matches(".* % .*n\\d"),
            line -> assertThat(line).isEqualTo("verb"),
            line -> assertThat(line).matches(".* % .*v\\d"),
            line -> assertThat(line).matches(".* % .*v\\d"),
            line -> assertThat(line).isEqualTo("action"),
            line -> assertThat(line).matches(".* % .*n\\d, v\\d"),
            line -> assertThat(line).matches(".* % .*n\\d, v\\d"));
    JsonNode json = new ObjectMapper().readTree(prediction.json(2));
    assertThat(json.get("heads").get(1).get("name").asText()).isEqualTo("verb");
    assertThat(json.get("heads").get(0).get("logits")).hasSize(NOUNS);
    assertThat(json.get("action").get(0).get("verb_name").asText()).startsWith("v");
  }

  @Test
  void otherClassesAreRefused() throws IOException {
    Path lists = Files.createDirectories(shared.resolve("other lists"));
    Files.writeString(lists.resolve("noun.txt"), "n0\nn1\nn2\nn3\nn4\nn5\nn6\n");
    Files.writeString(lists.resolve("verb.txt"), "v0\nv2\nv1\n");
    videos.prepare("other", csv(), HEADS[0], "prepare.labels=" + lists);
    videos.prepare("other-test", csv(), HEADS[0], "prepare.labels=" + lists, EVALUATION);
    String differing =
        "verb: the same 3 classes in another order: 1 is \"v2\" in the shards, \"v1\" in the";

    assertThatThrownBy(() -> videos.train("other", "train.label-smoothing=0.1"))
        .hasMessageContaining("on shards with other classes; " + differing)
        .hasMessageContaining("choose another train.run");
    assertThatThrownBy(() -> videos.evaluate("other-test")).hasMessageContaining(differing);
  }

  @Test
  void severalClassesPerVideo(@TempDir Path folder) throws IOException {
    TinyPipeline several = new TinyPipeline(folder, 6);
    String rows = "0.avi,a|c\n1.avi,b\n2.avi,\n3.avi,c\n4.avi,b|a\n5.avi,c|b\n";
    Files.writeString(folder.resolve("classes.txt"), "a\nb\nc\nnever\n");
    String[] keys = {"prepare.multi-label=true", "prepare.labels=" + folder.resolve("classes.txt")};
    several.prepare("train", rows, keys);
    several.prepare("test", rows, keys[0], keys[1], EVALUATION);
    assertThatThrownBy(() -> several.train("train", "train.label-smoothing=0.1"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.label-smoothing")
        .hasMessageContaining("the shards are multi-label (label); set it to 0");
    several.train(
        "train",
        "train.validate.shards=" + folder.resolve("shards/test"),
        "train.validate.crops=3");
    requireSameFigures(folder, several.evaluate("test").report().metrics().figures());

    String first = Files.readAllLines(folder.resolve("run/metrics.jsonl")).get(0);
    assertThat(new ObjectMapper().readTree(first).get("loss").asDouble())
        .isCloseTo(4 * Math.log(2), within(1e-6));
    JsonNode metrics =
        new ObjectMapper().readTree(folder.resolve("evaluation/metrics.json").toFile());
    List<Group> rowsRead = predictions(folder);
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      sum += naiveAveragePrecision(rowsRead, k);
      assertThat(metrics.get("per_class").get(k).get("average_precision").asDouble())
          .isCloseTo(naiveAveragePrecision(rowsRead, k), within(1e-12));
    }
    assertThat(metrics.get("mean_average_precision").asDouble()).isCloseTo(sum / 3, within(1e-12));
    assertThat(metrics.get("per_class").get(3).has("average_precision")).isFalse();
    assertThat(metrics.get("per_class").get(1).get("videos").asInt()).isEqualTo(3);
    assertThat(metrics.has("top1")).isFalse();
    assertThat(metrics.get("loss").asDouble()).isCloseTo(naiveLoss(rowsRead), within(1e-9));
  }

  /** Of different scores: mean over the positives of the share of positives down to it. */
  private static double naiveAveragePrecision(List<Group> rows, int k) {
    List<Group> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingDouble(row -> -list(row, "logits")[k]));
    double sum = 0;
    int positives = 0;
    for (int i = 0; i < sorted.size(); i++) {
      if (ids(sorted.get(i)).contains(k)) {
        positives++;
        sum += (double) positives / (i + 1);
      }
    }
    return sum / positives;
  }

  private static double naiveLoss(List<Group> rows) {
    double sum = 0;
    for (Group row : rows) {
      double[] probabilities = list(row, "probabilities");
      for (int k = 0; k < probabilities.length; k++) {
        sum -= Math.log(ids(row).contains(k) ? probabilities[k] : 1 - probabilities[k]);
      }
    }
    return sum / rows.size();
  }

  private static List<Group> predictions() throws IOException {
    return predictions(shared);
  }

  private static List<Group> predictions(Path folder) throws IOException {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(folder.resolve("evaluation/predictions.parquet").toUri());
    List<Group> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static double[] list(Group row, String column) {
    Group list = row.getGroup(column, 0);
    double[] values = new double[list.getFieldRepetitionCount("list")];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup("list", i).getDouble("element", 0);
    }
    return values;
  }

  private static List<Integer> ids(Group row) {
    Group list = row.getGroup("label_ids", 0);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < list.getFieldRepetitionCount("list"); i++) {
      ids.add(list.getGroup("list", i).getInteger("element", 0));
    }
    return ids;
  }

  private static double[] softmax(double[] logits) {
    double total = 0;
    for (double logit : logits) {
      total += Math.exp(logit);
    }
    double[] probabilities = new double[logits.length];
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = Math.exp(logits[k]) / total;
    }
    return probabilities;
  }

  /** Class ids, best first. */
  private static List<Integer> order(double[] scores) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble((Integer i) -> -scores[i])); // stable
    return order;
  }
}
