package vivit.spark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.model.engine.Engine;
import vivit.model.engine.Engines;
import vivit.model.engine.Threads;
import vivit.spark.probe.FeatureFile.Features;
import vivit.spark.probe.FeatureManifest.FeaturePart;
import vivit.spark.probe.ProbeOutcome.ProbeResult;

/** The loop over features that are written by hand: two heads, one of them multi-label. */
class ProbeTrainingTest {
  private static final int TOKENS = 7;
  private static final int WIDTH = 192; // large enough for products to be cut into parts
  private static final int REPRESENTATION = 10;
  private static final LabelHeads HEADS =
      new LabelHeads(
          List.of(
              new LabelHead("noun", Labelling.SINGLE_LABEL, LabelMap.of(List.of("a", "b", "c"))),
              new LabelHead("tags", Labelling.MULTI_LABEL, LabelMap.of(List.of("x", "y")))));

  @TempDir Path folder;
  private final int threads = Threads.perTask();

  @BeforeEach
  void writeFeatures() throws IOException {
    write("training", 90, 1);
    write("evaluation", 40, 2);
  }

  @AfterEach
  void restoreThreads() {
    Threads.perTask(threads);
  }

  @Test
  void probesOfBothKindsLearnBothHeads() throws IOException {
    ProbeOutcome outcome = run(setup(grid(0.01, 0.0), 15, "loss"));
    assertThat(outcome.results()).hasSize(2);
    for (ProbeResult result : outcome.results()) {
      assertThat(result.evaluation())
          .containsOnlyKeys(
              "noun_top1",
              "noun_loss",
              "noun_mean_class_accuracy",
              "tags_mean_average_precision",
              "tags_loss",
              "loss");
      assertThat(result.evaluation().get("noun_top1")).isEqualTo(1);
      assertThat(result.evaluation().get("tags_mean_average_precision")).isGreaterThan(0.9);
    }
    assertThat(outcome.validationVideos()).isEqualTo(6);
    assertThat(outcome.validationViews()).isEqualTo(12);
    assertThat(outcome.training()).isEqualTo(78);
    assertThat(outcome.videos()).isEqualTo(20);
    assertThat(outcome.views()).isEqualTo(40);
    assertThat(outcome.classes()).contains("noun_confusion", "tags_per_class");
  }

  @Test
  void hasTheSameBitsOnAnyNumberOfThreads() throws IOException {
    ProbeTraining.Setup setup = setup(grid(0.01, 0.1), 4, "loss");
    Threads.perTask(1);
    ProbeOutcome one = run(setup);
    Threads.perTask(2);
    assertThat(run(setup)).isEqualTo(one);
    assertThat(run(setup).results().get(0).loss()).isNotZero();
  }

  @Test
  void aProbeThatDivergesIsNotChosenAndHurtsNoOther() throws IOException {
    List<ProbePoint> points =
        List.of(
            new ProbePoint(ProbeKind.ATTENTIVE, 1e30, 0),
            new ProbePoint(ProbeKind.ATTENTIVE, 0.01, 0));
    ProbeOutcome outcome = run(setup(points, 3, "loss"));
    assertThat(outcome.results().get(0).diverged()).isTrue();
    assertThat(outcome.chosen()).isEqualTo(1);
    assertThat(outcome.best().evaluation().get("loss")).isFinite();
    assertThatThrownBy(() -> run(setup(points.subList(0, 1), 3, "loss")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("All 1 probes diverged");
  }

  @Test
  void theBestFigureChoosesAndOfEqualOnesTheFirst() {
    List<ProbeResult> results =
        List.of(result(Double.NaN, 0.5), result(0.7, 0.4), result(0.7, 0.3), result(0.6, 0.3));
    assertThat(ProbeChoice.best(results, "top1")).isEqualTo(1);
    assertThat(ProbeChoice.best(results, "loss")).isEqualTo(2);
    assertThat(ProbeChoice.usual(HEADS)).isEqualTo("loss");
    assertThat(ProbeChoice.usual(new LabelHeads(HEADS.list().subList(0, 1)))).isEqualTo("top1");
    assertThat(ProbeChoice.usual(new LabelHeads(HEADS.list().subList(1, 2))))
        .isEqualTo("mean_average_precision");
  }

  private static ProbeResult result(double top1, double loss) {
    Map<String, Double> figures = Map.of("top1", top1, "loss", loss);
    return new ProbeResult(new ProbePoint(ProbeKind.LINEAR, 1, 0), 0, figures, figures);
  }

  private static List<ProbePoint> grid(double rate, double decay) {
    return List.of(
        new ProbePoint(ProbeKind.LINEAR, rate, decay),
        new ProbePoint(ProbeKind.ATTENTIVE, rate, decay));
  }

  private ProbeTraining.Setup setup(List<ProbePoint> points, int epochs, String select) {
    return new ProbeTraining.Setup(
        "unused", "unused", HEADS, points, 3, epochs, 16, 0.13, select, 5);
  }

  private ProbeOutcome run(ProbeTraining.Setup setup) throws IOException {
    Configuration conf = new Configuration();
    try (Engine engine = Engines.create(DataType.FLOAT);
        FeatureSet training = FeatureSet.open(path("training"), conf, HEADS);
        FeatureSet evaluation = FeatureSet.open(path("evaluation"), conf, HEADS)) {
      return new ProbeTraining(setup).run(engine, training, evaluation);
    }
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  /** Two clips of every video, not next to each other; classes are visible in all features. */
  private void write(String name, int views, long seed) throws IOException {
    Configuration conf = new Configuration();
    List<String> large = List.of(FeatureFile.REPRESENTATION, FeatureFile.TOKENS);
    FeatureFile table = new FeatureFile(HEADS);
    Random random = new Random(seed);
    List<FeaturePart> parts = new ArrayList<>();
    for (int part = 0; part < 2; part++) {
      org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(path(name), "part" + part);
      try (ParquetWriter<Group> writer =
          table.writer(file, conf, large, Float.BYTES * (REPRESENTATION + TOKENS * WIDTH))) {
        for (int i = 0; i < views / 2; i++) {
          writer.write(table.row(view(i, part, random), large));
        }
      }
      FileSystem fs = file.getFileSystem(conf);
      parts.add(new FeaturePart("part" + part, views / 2, fs.getFileStatus(file).getLen()));
    }
    new FeatureManifest("m", "1", "s", "2", 1, REPRESENTATION, TOKENS, WIDTH, parts)
        .write(FileSystem.getLocal(conf).getRaw(), path(name));
  }

  private static Features view(int video, int clip, Random random) {
    int noun = video % 3;
    List<Integer> tags = video % 4 == 0 ? List.of(0, 1) : video % 2 == 0 ? List.of(0) : List.of();
    float[] representation = noise(REPRESENTATION, random);
    float[] tokens = noise(TOKENS * WIDTH, random);
    int special = random.nextInt(TOKENS) * WIDTH;
    representation[noun] += 4;
    tokens[special + noun] += 20;
    for (int tag : tags) {
      representation[4 + tag] += 4;
      tokens[special + 4 + tag] += 20;
    }
    return new Features(
        "video-" + video, clip, 0, List.of(List.of(noun), tags), representation, tokens);
  }

  private static float[] noise(int length, Random random) {
    float[] noise = new float[length];
    for (int i = 0; i < length; i++) {
      noise[i] = 0.5f * (float) random.nextGaussian();
    }
    return noise;
  }
}
