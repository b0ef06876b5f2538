package vivit.bench.smalldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.fixture.LocalSpark;

class SmallDataBenchTest {
  private static final List<String> TINY =
      List.of(
          "demo.train-videos=2",
          "demo.test-videos=1",
          "prepare.clips-per-video=1",
          "prepare.views=1",
          "prepare.isolation=none",
          "model.width=12",
          "model.attention-heads=2",
          "model.mlp-width=16",
          "model.spatial-layers=1",
          "train.epochs=1",
          "train.batch-size=4",
          "train.learning-rate.warmup=1 step");

  private static JavaSparkContext sc;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    sc =
        LocalSpark.start(
            2, new SparkConf().set("spark.kryo.registrator", "vivit.spark.VivitRegistrator"));
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  private String bench(String parts, int seeds, String... more) throws Exception {
    List<String> words = new ArrayList<>(TINY);
    words.addAll(List.of(more));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      new SmallDataBench(parts, seeds, folder, words, out).run(sc);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private List<RunResult> results() throws Exception {
    return ResultsFile.open(folder).all();
  }

  @Test
  void finishedRunsAreSkippedAndChangedOnesRepeated() throws Exception {
    String first = bench("d", 1);
    List<RunResult> results = results();
    assertThat(first).contains("5 runs, 0 of them done").contains("4 runs left, about");
    assertThat(results.stream().map(RunResult::setting).toList())
        .containsExactlyInAnyOrder(
            "from scratch",
            "image model, shapes in stills",
            "image model, everything trained",
            "image model, embedding and spatial encoder frozen",
            "the same, average of frames");
    for (RunResult result : results) {
      assertThat(result.top1()).isBetween(0.0, 1.0);
      assertThat(result.loss()).isPositive();
      assertThat(result.trainingSeconds()).isPositive().isLessThan(result.seconds());
    }
    String row = "| image model, everything trained | 1 | ";
    assertThat(first).contains("### d: Spatial encoder frozen").contains(row);
    assertThat(first).contains("on held-out stills of 4 shapes");

    String again = bench("d", 1);
    assertThat(again).contains("5 runs, 5 of them done").doesNotContain("runs left");
    assertThat(again.substring(again.indexOf("###")))
        .isEqualTo(first.substring(first.indexOf("###")));
    assertThat(results()).isEqualTo(results);

    // the image model alone is as before: what it starts is not evaluated in the same way
    String changed = bench("d", 1, "evaluate.batch-size=5");
    assertThat(changed).contains("5 runs, 0 of them done");
    assertThat(results()).hasSize(10).containsAll(results);
  }

  @Test
  void aSecondPartUsesTheRunsOfTheFirst() throws Exception {
    bench("c", 1);
    String text = bench("ca", 1);

    assertThat(text).contains("10 runs, 5 of them done");
    assertThat(text).contains("| from scratch | 1 |").contains("| Model 1, `space-time` | 1 |");
    assertThat(text).contains("multiply-adds a clip, M");
  }

  @Test
  void runsThatFailAreNamedAndTheOthersGoOn() throws Exception {
    assertThatThrownBy(() -> bench("c", 1, "train.learning-rate.base=1e6", "train.optimiser=sgd"))
        .hasMessageContaining("Runs failed; start again to repeat them")
        .hasMessageContaining("image model, shapes in stills, seed 0: Training stopped")
        .hasMessageContaining("image model, central frame, seed 0: its image model failed");
    assertThat(results().stream().map(RunResult::setting)).containsExactly("from scratch");
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingBegins() {
    assertThatThrownBy(() -> bench("f", 1))
        .isInstanceOf(UsageException.class)
        .hasMessage("--part: found f, expected letters from a to e");
    assertThatThrownBy(() -> bench("a", 1, "seed=3")).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> bench("a", 1, "demo.task=order")).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> bench("a", 1, "train.epochs=0")).isInstanceOf(ConfigException.class);
    assertThat(folder).isEmptyDirectory();
    assertThat(Files.exists(folder.resolve("sets"))).isFalse();
  }
}
