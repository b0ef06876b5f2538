package vivit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.ShardSetBuilder;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.StoredClip;
import vivit.spark.probe.ProbeReport;
import vivit.spark.train.TrainingSpark;

/**
 * Probes of a trained and of a random model. A class is a faint pattern, hidden in noise at a
 * random place of the clip, which few random directions see and training finds.
 */
class ProbeTest {
  private static final int CLASSES = 4;
  private static final int FRAMES = 4;
  private static final int SIDE = 8;
  private static final int TUBELET = 2 * 4 * 4 * 3;
  private static final List<String> LABELS = List.of("a", "b", "c", "d");
  private static final List<String> MODEL =
      List.of(
          "model.preset=null",
          "model.width=12",
          "model.attention-heads=3",
          "model.mlp-width=24",
          "model.spatial-layers=1",
          "model.temporal-layers=1",
          "model.clip.frames=4",
          "model.clip.height=8",
          "model.clip.width=8",
          "model.tubelet.height=4",
          "model.tubelet.width=4");

  @TempDir static Path folder;

  @BeforeAll
  static void trainAModelAndHardlyAnother() throws IOException {
    shards("train", Purpose.TRAINING, LABELS, 256, 1);
    shards("test", Purpose.EVALUATION, LABELS, 96, 2);
    shards("others", Purpose.EVALUATION, List.of("a", "b", "x", "d"), 8, 3);
    train("trained", 40, 0.01);
    train("random", 1, 1e-9);
  }

  @Test
  void featuresOfATrainedModelAreBetterThanThoseOfARandomOne() throws IOException {
    String[] keys = {"probe.kinds=[linear, attentive]", "probe.output=" + folder.resolve("good")};
    ProbeReport report = probe("trained", keys);
    JsonNode trained = metrics("good");
    JsonNode random = metrics("bad", "random", "probe.kinds=[linear, attentive]");
    double better = trained.path("top1").asDouble();
    double worse = random.path("top1").asDouble();
    assertThat(better).isGreaterThan(0.9).isGreaterThan(worse + 0.2);
    assertThat(trained.path("probes")).hasSize(2 * 4 * 3);
    assertThat(trained.path("videos").asInt()).isEqualTo(96);
    assertThat(trained.path("chosen").path("videos_held_out").asInt()).isEqualTo(26);
    assertThat(trained.path("chosen").path("clips_trained_on").asInt()).isEqualTo(256 - 26);
    assertThat(trained.path("confusion")).hasSize(CLASSES);
    chosenHasTheBestFigureOnHeldOutVideos(trained);
    assertThat(report.table())
        .contains("* chosen by top1 on 26 training videos")
        .contains("the 96 videos of the evaluation had no part in it");
  }

  private static void chosenHasTheBestFigureOnHeldOutVideos(JsonNode metrics) {
    JsonNode chosen = metrics.path("chosen");
    double best = -1;
    JsonNode first = null;
    for (JsonNode probe : metrics.path("probes")) {
      double figure = probe.path("validation").path("top1").asDouble();
      if (figure > best) {
        best = figure;
        first = probe;
      }
    }
    for (String field : List.of("kind", "rate", "weight_decay", "training_loss")) {
      assertThat(chosen.path(field)).isEqualTo(first.path(field));
    }
    assertThat(metrics.path("top1")).isEqualTo(first.path("evaluation").path("top1"));
  }

  @Test
  void featuresAreComputedOnceForAModelAndItsShards() throws IOException {
    String output = "probe.output=" + folder.resolve("once");
    probe("trained", output, "probe.kinds=[attentive]", "probe.epochs=2");
    Map<Path, FileTime> written = files("once/features");
    byte[] metrics = Files.readAllBytes(folder.resolve("once/metrics.json"));
    assertThat(written).hasSizeGreaterThan(4);

    probe("trained", output, "probe.kinds=[attentive]", "probe.epochs=2");
    assertThat(Files.readAllBytes(folder.resolve("once/metrics.json"))).isEqualTo(metrics);
    probe("trained", output, "probe.kinds=[linear]", "probe.epochs=3");
    assertThat(files("once/features")).isEqualTo(written);

    assertThatThrownBy(() -> probe("random", output))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("found those of the model " + folder.resolve("trained"))
        .hasMessageContaining("expected " + folder.resolve("random"))
        .hasMessageContaining("choose another probe.output");
    assertThatThrownBy(() -> probe("trained", "probe.output=" + folder.resolve("shards/test")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("probe.output: found " + folder.resolve("shards/test"))
        .hasMessageContaining("which is a shard set; choose a folder of its own");
    assertThatThrownBy(() -> probe("trained", output, "probe.crops=3"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("found 1 crops of every clip, expected 3");
    assertThatThrownBy(
            () ->
                probe(
                    "trained",
                    output,
                    "probe.training-shards=" + shards("more", Purpose.TRAINING, LABELS, 8, 4)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("found those of the shard set " + folder.resolve("shards/train"));
    assertThat(files("once/features")).isEqualTo(written);
  }

  @Test
  void tokensAreAddedWhenAnAttentiveProbeComesLater() throws IOException {
    String output = "probe.output=" + folder.resolve("later");
    probe("trained", output, "probe.epochs=1");
    assertThat(features("later", "training").path("tokens").asInt()).isZero();
    probe("trained", output, "probe.epochs=1", "probe.kinds=[attentive]");
    assertThat(features("later", "training").path("tokens").asInt()).isEqualTo(3);
    assertThat(features("later", "evaluation").path("width").asInt()).isEqualTo(12);
  }

  @Test
  void wrongInputIsRefusedBeforeAnyJob() throws IOException {
    Path train = folder.resolve("shards/train");
    Path test = folder.resolve("shards/test");
    assertRefused(
        List.of("probe.training-shards=" + test, "probe.evaluation-shards=" + train),
        "probe.training-shards: found shards for evaluation; expected shards prepared with prepare.purpose=training",
        "probe.evaluation-shards: found shards for training; expected shards prepared with prepare.purpose=evaluation");
    assertRefused(
        List.of("probe.evaluation-shards=" + folder.resolve("shards/others")),
        "probe.evaluation-shards: found 4 classes; expected the 4 of probe.training-shards",
        "1 only in the evaluation shards: \"x\"; 1 only in the training shards: \"c\"");
    assertRefused(
        List.of("probe.kinds=[linear, quadratic]"),
        "probe.kinds: found \"quadratic\"; expected linear, attentive or both");
    assertRefused(List.of("probe.kinds=[]"), "probe.kinds: found an empty list");
    assertRefused(
        List.of("probe.rates=[0.1, fast]", "probe.weight-decays=[-1]"),
        "probe.rates: found \"fast\"; expected numbers above 0",
        "probe.weight-decays: found \"-1\"; expected numbers from 0 up");
    assertRefused(
        List.of("probe.rates=[0.1, 0.1]"),
        "probe.rates: found [0.1, 0.1]; expected every value once");
    assertRefused(
        List.of("probe.select=top2"),
        "probe.select: found top2; expected one of top1, loss, mean_class_accuracy");
    assertRefused(
        List.of("probe.attention-heads=3"),
        "probe.attention-heads: found 3, but none of probe.kinds");
    assertRefused(
        List.of("probe.kinds=[attentive]", "probe.attention-heads=5"),
        "probe.attention-heads: found 5; expected a divisor of the model's width 12");
    assertRefused(List.of("probe.crops=2"), "probe.crops: found 2; expected 1 (centre) or 3");
    assertRefused(List.of("probe.model=null"), "probe.model: missing");
  }

  private static void assertRefused(List<String> keys, String... messages) {
    List<String> all = new ArrayList<>(keys);
    all.add("probe.output=" + folder.resolve("nothing"));
    var refused =
        assertThatThrownBy(() -> probe("trained", all.toArray(String[]::new)))
            .isInstanceOf(ConfigException.class);
    for (String message : messages) {
      refused.hasMessageContaining(message);
    }
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  private static JsonNode metrics(String output, String run, String... keys) throws IOException {
    List<String> all = new ArrayList<>(List.of(keys));
    all.add("probe.output=" + folder.resolve(output));
    probe(run, all.toArray(String[]::new));
    return metrics(output);
  }

  private static JsonNode metrics(String output) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(output + "/metrics.json").toFile());
  }

  private static JsonNode features(String output, String set) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(output + "/features/" + set + "/_features.json").toFile());
  }

  private static Map<Path, FileTime> files(String place) throws IOException {
    Map<Path, FileTime> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve(place))) {
      for (Path file : all.filter(Files::isRegularFile).collect(Collectors.toList())) {
        files.put(file, Files.getLastModifiedTime(file));
      }
    }
    return files;
  }

  private static ProbeReport probe(String run, String... keys) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "probe.model=" + folder.resolve(run),
                "probe.training-shards=" + folder.resolve("shards/train"),
                "probe.evaluation-shards=" + folder.resolve("shards/test"),
                "probe.batch-size=32",
                "probe.epochs=30",
                "probe.encoder-batch-size=8"));
    all.addAll(List.of(keys));
    return Probe.run(
        TrainingSpark.context(), Arguments.parse(Set.of(), all.toArray(String[]::new)));
  }

  private static void train(String run, int epochs, double rate) throws IOException {
    List<String> keys = new ArrayList<>(MODEL);
    keys.addAll(
        List.of(
            "train.shards=" + folder.resolve("shards/train"),
            "train.run=" + folder.resolve(run),
            "train.workers=1",
            "train.epochs=" + epochs,
            "train.batch-size=32",
            "train.optimiser=adamw",
            "train.learning-rate.base=" + rate,
            "train.learning-rate.warmup=1 step",
            "train.flip=0",
            "train.scale-jitter.probability=0"));
    Train.run(TrainingSpark.context(), StrictConfig.load(keys.toArray(String[]::new)));
  }

  private static Path shards(
      String name, Purpose purpose, List<String> labels, int clips, long seed) throws IOException {
    ShardSetBuilder set =
        ShardSetBuilder.of(
            purpose,
            new ClipSettings(FRAMES, 1, 0, SIDE, 2, 4),
            LabelHeads.of(LabelMap.of(labels)));
    double[][] patterns = patterns();
    Random random = new Random(seed);
    for (int i = 0; i < clips; i++) {
      int label = i % CLASSES;
      set.add(
          new StoredClip(
              "clip-" + i,
              name + "-" + i,
              0,
              label,
              labels.get(label),
              FRAMES,
              SIDE,
              SIDE,
              pixels(patterns[label], random)));
    }
    set.writeShardsOf(20, folder.resolve("shards/" + name));
    return folder.resolve("shards/" + name);
  }

  private static double[][] patterns() {
    Random random = new Random(99);
    double[][] patterns = new double[CLASSES][TUBELET];
    for (double[] pattern : patterns) {
      for (int i = 0; i < TUBELET; i++) {
        pattern[i] = random.nextBoolean() ? 1 : -1;
      }
    }
    return patterns;
  }

  private static byte[] pixels(double[] pattern, Random random) {
    byte[] pixels = new byte[FRAMES * SIDE * SIDE * 3];
    int t0 = 2 * random.nextInt(2);
    int y0 = 4 * random.nextInt(2);
    int x0 = 4 * random.nextInt(2);
    for (int at = 0; at < pixels.length; at++) {
      int x = at / 3 % SIDE - x0;
      int y = at / 3 / SIDE % SIDE - y0;
      int t = at / 3 / SIDE / SIDE - t0;
      double value = 128 + 30 * random.nextGaussian();
      if (t >= 0 && t < 2 && y >= 0 && y < 4 && x >= 0 && x < 4) {
        value += 30 * pattern[((t * 4 + y) * 4 + x) * 3 + at % 3];
      }
      pixels[at] = (byte) Math.max(0, Math.min(255, Math.round(value)));
    }
    return pixels;
  }
}
