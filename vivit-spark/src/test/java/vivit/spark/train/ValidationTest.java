package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.ShardSetBuilder;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.StoredClip;
import vivit.spark.checkpoint.LoggedLines;
import vivit.spark.config.Experiment;
import vivit.spark.evaluate.EvaluationMetrics;
import vivit.spark.evaluate.EvaluationSettings;
import vivit.spark.evaluate.MultiViewEvaluator;
import vivit.spark.train.TrainingDriver.TrainingReport;

/** Runs of 9 steps in rounds of 2, 1, 2, 1, 2 and 1, validated on 7 videos. */
class ValidationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> LABELS = List.of("left", "right", "up");
  private static final int[] VIEWS = {3, 1, 2, 4, 2, 3, 3};

  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void write() throws IOException {
    TinyTrainingSet.write(shared.resolve("shards"), 17);
    writeValidation("validation", view -> true);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 16", "0.7, 3, 5"})
  void theFiguresAreThoseOfEvaluate(double decay, int crops, int batchSize) throws IOException {
    run(
            "run",
            "train.ema-decay=" + decay,
            "train.checkpoint.every=1 steps",
            "train.checkpoint.keep=100",
            "train.validate.every=1 steps",
            "train.validate.crops=" + crops,
            "train.validate.batch-size=" + batchSize)
        .train();

    List<JsonNode> lines = lines("run");
    assertThat(lines).hasSize(6);
    List<Map<String, Double>> all = new ArrayList<>();
    for (JsonNode line : lines) {
      String checkpoint = "run/checkpoints/step-%08d".formatted(line.get("step").asLong());
      Map<String, Double> figures =
          evaluate(shared.resolve("validation"), checkpoint, crops, batchSize).figures();
      assertThat(validation(line)).isEqualTo(figures).hasSize(3);
      all.add(figures);
    }
    assertThat(all).doesNotHaveDuplicates();
  }

  /** Of 3, 1, 2, 4, 2, 3 and 3 clips these are in the middle. */
  @Test
  void oneViewOfEachVideoIsTheSetOfTheirMiddles() throws IOException {
    writeValidation("middles", view -> view == 0);
    run("run", "train.validate.views=1").train();

    JsonNode last = lines("run").get(5);
    assertThat(validation(last))
        .isEqualTo(
            evaluate(shared.resolve("middles"), "run/checkpoints/step-00000009", 1, 16).figures());
  }

  @Test
  void validatingChangesNoBit() throws IOException {
    TinyRun plain = new TinyRun(shared.resolve("shards"), folder.resolve("plain"), 2);
    plain.train();
    TinyRun validated = run("validated", "train.validate.every=1 steps");
    validated.train();

    assertThat(validated.parameters()).isEqualTo(plain.parameters());
    List<JsonNode> lines = lines("validated");
    lines.forEach(line -> remove(line, "validation_.*"));
    assertThat(lines).isEqualTo(lines("plain"));
  }

  @ParameterizedTest
  @CsvSource({"1 epochs, 3 6 9", "2 epochs, 6 9", "4 steps, 5 8 9", "0.5 epochs, 2 3 5 6 8 9"})
  void isDoneAtTheEndOfTheRoundThatReachesIt(String every, String steps) throws IOException {
    run("run", "train.validate.every=" + every).train();

    assertThat(
            lines("run").stream()
                .filter(line -> line.has("validation_top1"))
                .map(line -> line.get("step").asText()))
        .containsExactly(steps.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"loss", "top1", "mean_class_accuracy"})
  void theBestCheckpointIsKept(String metric) throws IOException {
    TrainingReport report =
        run(
                "run",
                "train.validate.every=1 steps",
                "train.validate.metric=" + metric,
                "train.checkpoint.every=100 steps",
                "train.checkpoint.keep=1",
                "train.learning-rate.base=2") // so that it does not only get better
            .train();

    Comparator<JsonNode> better =
        Comparator.comparingDouble(line -> line.get("validation_" + metric).asDouble());
    List<JsonNode> lines = lines("run");
    // max and min take the first of several
    JsonNode best =
        lines.stream()
            .reduce(
                (a, b) ->
                    (metric.equals("loss") ? better.compare(b, a) < 0 : better.compare(b, a) > 0)
                        ? b
                        : a)
            .orElseThrow();
    assertThat(report.best().orElseThrow().step()).isEqualTo(best.get("step").asLong());
    assertThat(report.best().orElseThrow().value())
        .isEqualTo(best.get("validation_" + metric).asDouble());
    assertThat(checkpoints())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(best.get("step").asLong(), 9L)
                .distinct()
                .map("step-%08d"::formatted)
                .toList());
    assertThat(report.validation())
        .startsWith(", best " + metric + " ")
        .endsWith(" at step " + best.get("step").asLong());
  }

  /** With next to no learning the first validation stays the best. */
  private static final String[] STANDING_STILL = {
    "train.learning-rate.base=1e-9",
    "train.validate.every=1 steps",
    "train.validate.metric=top1",
    "train.checkpoint.every=1 steps"
  };

  @Test
  void patienceEndsTheRun() throws IOException {
    TrainingReport report = run("run", with(STANDING_STILL, "train.validate.patience=3")).train();

    // after steps 2, 3, 5 and 6
    assertThat(report.step()).isEqualTo(6);
    assertThat(report.checkpoint().getName()).isEqualTo("step-00000006");
    assertThat(report.validation()).endsWith(" at step 2, none better in 3 more validations");
    assertThat(lines("run")).hasSize(4);
    // it stays ended, until patience is raised; then it ends as if it had never stopped
    assertThat(run("run", with(STANDING_STILL, "train.validate.patience=3")).train().step())
        .isEqualTo(6);
    TinyRun onwards = run("run", with(STANDING_STILL, "train.validate.patience=0"));
    assertThat(onwards.train().step()).isEqualTo(9);
    TinyRun undisturbed = run("undisturbed", STANDING_STILL);
    undisturbed.train();
    assertThat(onwards.parameters()).isEqualTo(undisturbed.parameters());
    assertThat(lines("run")).isEqualTo(lines("undisturbed"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 5})
  void aResumedRunRemembersTheBestAndItsPatience(long killedAt) throws IOException {
    String[] keys = with(STANDING_STILL, "train.validate.patience=3");
    run("whole", keys).train();
    TinyRun disturbed = run("disturbed", keys);

    disturbed.train(killedAt);
    TrainingReport report = disturbed.train();

    assertThat(report.step()).isEqualTo(6);
    assertThat(report.best().orElseThrow().step()).isEqualTo(2);
    assertThat(lines("disturbed")).isEqualTo(lines("whole"));
    assertThat(state("disturbed")).isEqualTo(state("whole"));
  }

  @Test
  void anotherMetricBeginsAnew() throws IOException {
    run("run", STANDING_STILL).train(5);
    try (LoggedLines log = new LoggedLines(Validation.class.getName())) {
      TrainingReport report =
          run("run", with(STANDING_STILL, "train.validate.metric=loss")).train();

      assertThat(report.best().orElseThrow().metric()).isEqualTo("loss");
      assertThat(report.best().orElseThrow().step()).isGreaterThan(2);
      assertThat(log.take().get(0))
          .startsWith("WARN The best validation so far, top1 ")
          .contains("at step 2, is not compared with those to come");
    }
  }

  /** A run without validation, as those of former releases, may be validated from then on. */
  @Test
  void aRunMayBeValidatedFromTheMiddle() throws IOException {
    new TinyRun(shared.resolve("shards"), folder.resolve("run"), 2).train(5);
    assertThat(Files.readString(newest("run").resolve("state.json")))
        .doesNotContain("validation\"");

    TrainingReport report = run("run").train();

    assertThat(report.best()).isPresent();
    assertThat(state("run").get("metric").asText()).isEqualTo("top1");
  }

  @Test
  void whatContradictsIsReported() throws IOException {
    writeLabelled("others", List.of("left", "right", "down"), 10, view -> true);
    writeLabelled("small", LABELS, 7, view -> true);

    assertThat(problems(shared.resolve("shards")))
        .singleElement()
        .asString()
        .contains(
            "train.validate.shards: the shards are for training; prepare them for evaluation");
    assertThat(problems(shared.resolve("others")))
        .singleElement()
        .asString()
        .contains("train.validate.shards: the classes are not those of train.shards")
        .contains("1 only in the shards: \"down\"; 1 only in the training set: \"up\"")
        .contains("prepare.labels=");
    assertThat(problems(shared.resolve("small")))
        .hasSize(2)
        .allMatch(problem -> problem.contains("the stored clips have 7 "));
    assertThat(problems(shared.resolve("validation"), "train.validate.metric=top5"))
        .singleElement()
        .asString()
        .contains(
            "train.validate.metric: found top5, but the figures of these shards are top1, loss,"
                + " mean_class_accuracy; choose one of them");
    assertThat(problems(Path.of(""), "train.validate.shards=", "train.validate.patience=2"))
        .singleElement()
        .asString()
        .contains("train.validate.patience: found 2, but nothing is validated");
    assertThat(
            problems(
                shared.resolve("validation"),
                "train.validate.crops=2",
                "train.validate.every=0 steps",
                "train.validate.views=0"))
        .hasSize(3);
    assertThat(problems(shared.resolve("validation"))).isEmpty();
  }

  @Test
  void sharedVideosAreWarnedOf() throws IOException {
    try (LoggedLines log = new LoggedLines(ValidationChecks.class.getName())) {
      TinyRun run = run("run");
      ValidationChecks.warnOfSharedVideos(
          TrainingSpark.context(), run.experiment(), run.shardSet());

      assertThat(log.take())
          .containsExactly(
              "WARN 4 of the 7 videos of train.validate.shards are training videos by their ids, such"
                  + " as video-13, video-14, video-15; validation says nothing about new ones then");
    }
  }

  @Test
  void filesOfOtherLengthsAreOtherVideos() {
    try (LoggedLines log = new LoggedLines(ValidationChecks.class.getName())) {
      ValidationChecks.warnOfShared(
          new TreeMap<>(Map.of("a/1.mp4", 10L, "a/2.mp4", 20L, "a/3.mp4", 30L, "b", 1L)),
          new TreeMap<>(Map.of("a/1.mp4", 11L, "a/2.mp4", 20L, "a/3.mp4", -1L, "c", 1L)));

      assertThat(log.take())
          .containsExactly(
              "WARN 2 of the 4 videos of train.validate.shards are training videos by their ids, such"
                  + " as a/2.mp4, a/3.mp4; validation says nothing about new ones then",
              "INFO 1 of the 4 videos of train.validate.shards have the ids of training videos, but"
                  + " files of other lengths, such as a/1.mp4");
    }
  }

  private TinyRun run(String name, String... keys) {
    List<String> all = new ArrayList<>();
    all.add("train.validate.shards=" + shared.resolve("validation").toUri());
    all.addAll(List.of(keys));
    return new TinyRun(
        shared.resolve("shards"), folder.resolve(name), 2, all.toArray(String[]::new));
  }

  private static String[] with(String[] keys, String more) {
    return Stream.concat(Stream.of(keys), Stream.of(more)).toArray(String[]::new);
  }

  private List<String> problems(Path validation, String... keys) throws IOException {
    List<String> all = new ArrayList<>();
    all.add("train.validate.shards=" + validation.toUri());
    all.addAll(List.of(keys));
    TinyRun run =
        new TinyRun(
            shared.resolve("shards"), folder.resolve("unused"), 2, all.toArray(String[]::new));
    StrictConfig config = run.config();
    ValidationChecks.check(
        Experiment.read(config),
        run.manifest(),
        config,
        TrainingSpark.context().hadoopConfiguration());
    try {
      config.check();
      return List.of();
    } catch (ConfigException found) {
      return found.problems();
    }
  }

  private EvaluationMetrics evaluate(Path shards, String checkpoint, int crops, int batchSize)
      throws IOException {
    EvaluationSettings settings =
        new EvaluationSettings(
            shards.toUri().toString(),
            folder.resolve(checkpoint).toUri().toString(),
            "unused",
            crops,
            batchSize);
    return new MultiViewEvaluator(TrainingSpark.context(), settings).evaluate().report().metrics();
  }

  private static Map<String, Double> validation(JsonNode line) {
    Map<String, Double> figures = new HashMap<>();
    line.fields()
        .forEachRemaining(
            field -> {
              if (field.getKey().startsWith("validation_")) {
                figures.put(
                    field.getKey().substring("validation_".length()), field.getValue().asDouble());
              }
            });
    return figures;
  }

  /** Without the fields that tell the time. */
  private List<JsonNode> lines(String run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl"))) {
      JsonNode node = JSON.readTree(line);
      remove(node, "seconds.*|waiting|clips_per_second");
      lines.add(node);
    }
    return lines;
  }

  private static void remove(JsonNode line, String names) {
    ((ObjectNode) line).properties().removeIf(field -> field.getKey().matches(names));
  }

  private List<String> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("run/checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Path newest(String run) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return files.max(Path::compareTo).orElseThrow();
    }
  }

  private JsonNode state(String run) throws IOException {
    return JSON.readTree(newest(run).resolve("state.json").toFile()).at("/state/validation");
  }

  private static void writeValidation(String name, IntPredicate views) throws IOException {
    writeLabelled(name, LABELS, 10, views);
  }

  /**
   * Videos 13 to 19, of which the first four are also among the training videos.
   *
   * @param middles distances from the middle clip to include; all for all
   */
  private static void writeLabelled(
      String name, List<String> labels, int height, IntPredicate middles) throws IOException {
    ShardSetBuilder set =
        ShardSetBuilder.of(
            Purpose.EVALUATION,
            new ClipSettings(4, 1, 0, height, 2, 4),
            LabelHeads.of(LabelMap.of(labels)));
    Random random = new Random(7);
    for (int video = 0; video < VIEWS.length; video++) {
      for (int view = 0; view < VIEWS[video]; view++) {
        byte[] pixels = new byte[4 * height * 12 * 3];
        random.nextBytes(pixels);
        int label = video % 3;
        for (int at = 0; at < pixels.length; at++) {
          pixels[at] = (byte) ((pixels[at] & 0x3f) + 64 * label);
        }
        if (middles.test(view - VIEWS[video] / 2)) {
          set.add(
              new StoredClip(
                  "clip-" + video + "-" + view,
                  "video-" + (13 + video),
                  view,
                  label,
                  labels.get(label),
                  4,
                  height,
                  12,
                  pixels));
        }
      }
    }
    set.writeShardsOf(5, shared.resolve(name));
  }
}
