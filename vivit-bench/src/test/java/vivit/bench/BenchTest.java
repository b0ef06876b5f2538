package vivit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.config.Arguments;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.fixture.TinyTrainingSet;

class BenchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TINY =
      List.of(
          "model.preset=null",
          "model.width=12",
          "model.attention-heads=2",
          "model.mlp-width=20",
          "model.spatial-layers=2",
          "model.temporal-layers=1",
          "model.clip.frames=4",
          "model.clip.height=8",
          "model.clip.width=8",
          "model.tubelet.height=4",
          "model.tubelet.width=4",
          "describe.classes=[3]",
          "--threads=1",
          "--warmup=1",
          "--steps=2");

  @TempDir Path folder;

  private static String run(String... words) throws Exception {
    List<String> all = new ArrayList<>(TINY);
    all.addAll(List.of(words));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      Bench.bench(InputStream.nullInputStream(), out, all.toArray(String[]::new));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode json(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--json", "-"));
    return JSON.readTree(run(all.toArray(String[]::new)));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void aStepHasAllItsFigures() throws Exception {
    JsonNode json =
        json("step", "--batch=3", "train.micro-batch=2", "train.drop-path=0.5", "--regularise");

    assertThat(names(json))
        .containsExactly(
            "subject",
            "warmup",
            "seconds",
            "clips_per_second",
            "gflops",
            "gemm",
            "share",
            "result",
            "parts_steps",
            "parts_milliseconds",
            "parts");
    assertThat(names(json.get("subject")))
        .containsExactly(
            "variant",
            "clip",
            "tubelet",
            "width",
            "attention_heads",
            "mlp_width",
            "layers",
            "classes",
            "parameters",
            "pass",
            "batch",
            "micro_batch",
            "recompute",
            "multiply_adds",
            "threads",
            "cores",
            "engine");
    assertThat(json.at("/subject/batch").asInt()).isEqualTo(3);
    assertThat(json.at("/subject/micro_batch").asInt()).isEqualTo(2);
    assertThat(json.at("/subject/threads").asInt()).isEqualTo(1);
    assertThat(json.at("/seconds/count").asInt()).isEqualTo(2);
    double median = json.at("/seconds/median").asDouble();
    assertThat(median).isBetween(Double.MIN_VALUE, 60.0);
    assertThat(json.at("/clips_per_second").asDouble() * median).isEqualTo(3, within(1e-6));
    double gflops = 2 * json.at("/subject/multiply_adds").asDouble() / median / 1e9;
    assertThat(json.get("gflops").asDouble()).isEqualTo(gflops, within(1e-6 * gflops));
    assertThat(json.get("share").asDouble() * json.at("/gemm/gflops").asDouble())
        .isEqualTo(gflops, within(1e-6 * gflops));
    assertThat(json.get("result").asDouble()).isBetween(0.0, 10.0);
  }

  @Test
  void thePartsAddUpToTheStep() throws Exception {
    JsonNode json = json("step", "--batch=2");
    List<String> names = new ArrayList<>();
    double sum = 0;
    double shares = 0;
    for (JsonNode part : json.get("parts")) {
      names.add(part.get("name").asText());
      assertThat(part.get("milliseconds").asDouble()).isPositive();
      sum += part.get("milliseconds").asDouble();
      shares += part.get("share").asDouble();
    }
    assertThat(names)
        .containsExactly(
            "linear",
            "linear_input_gradient",
            "linear_parameter_gradient",
            "attention",
            "attention_gradient",
            "layer_norm",
            "gelu",
            "other",
            "head_and_loss",
            "update");
    double together = json.get("parts_milliseconds").asDouble();
    assertThat(sum).isEqualTo(together, within(1e-6 * together));
    assertThat(shares).isEqualTo(1, within(1e-6));
  }

  @Test
  void inferenceHasNoGradients() throws Exception {
    JsonNode json = json("step", "--inference", "--batch=2", "--engine=nd4j");
    assertThat(json.at("/subject/engine").asText()).startsWith("ND4J FLOAT");
    assertThat(json.at("/subject/pass").asText()).isEqualTo("inference");
    assertThat(json.get("parts").findValuesAsText("name"))
        .containsExactly("linear", "attention", "layer_norm", "gelu", "other", "head_and_loss");
    JsonNode gemm = json("gemm", "--inference", "--batch=2").get("operations");
    assertThat(gemm.findValuesAsText("name")).containsOnly("forward");
  }

  @Test
  void everyShapeIsListedOnce() throws Exception {
    JsonNode gemm = json("gemm", "--batch=2").get("operations");
    List<String> rows = new ArrayList<>();
    for (JsonNode row : gemm) {
      rows.add(row.get("name").asText() + " " + row.get("shape").asText());
      assertThat(row.get("gflops").asDouble()).isPositive();
      assertThat(row.get("share").asDouble()).isBetween(0.0, 1.0);
    }
    // embedding without input gradient, four of each encoder with three
    assertThat(rows).hasSize(2 + 4 * 3 + 4 * 3).doesNotHaveDuplicates();
    assertThat(rows).contains("forward 20 x 12 x 36", "input_gradient 6 x 20 x 12");
    assertThat(rows).contains("forward 16 x 96 x 12").doesNotContain("input_gradient 16 x 96 x 12");

    JsonNode attention = json("attention", "--batch=2").get("operations");
    assertThat(attention.findValuesAsText("shape"))
        .containsExactly(
            "4 sequences, 5 tokens, 2 heads of 6",
            "4 sequences, 5 tokens, 2 heads of 6",
            "2 sequences, 3 tokens, 2 heads of 6",
            "2 sequences, 3 tokens, 2 heads of 6");
    assertThat(attention.findValuesAsText("name"))
        .containsExactly("attention", "attention_gradient", "attention", "attention_gradient");
    assertThat(attention.get(0).get("count").asInt()).isEqualTo(2);
    assertThat(attention.get(2).get("count").asInt()).isEqualTo(1);
  }

  @Test
  void theTableAndAFile() throws Exception {
    Path file = folder.resolve("step.json");
    String table = run("step", "--batch=2", "--json", file.toString());
    assertThat(table)
        .contains("factorised-encoder, 2 + 1 layers")
        .contains("linear input gradient");
    assertThat(JSON.readTree(file.toFile()).get("share").asDouble()).isPositive();
    assertThat(run("attention", "--batch=2")).contains("4 sequences, 5 tokens").contains("GFLOP/s");
  }

  @Test
  void theInputIsRead() throws Exception {
    TinyTrainingSet.write(folder.resolve("shards"), 12);
    String shards = folder.resolve("shards").toUri().toString();
    JsonNode json = json("input", "--batch=3", "train.shards=" + shards);
    assertThat(names(json))
        .containsExactly(
            "shards",
            "clips",
            "batch",
            "threads",
            "warmup",
            "seconds",
            "clips_per_second",
            "megabytes_per_second",
            "milliseconds_per_clip",
            "read_milliseconds",
            "augment_milliseconds");
    assertThat(json.get("read_milliseconds").asDouble()).isPositive();
    assertThat(json.get("augment_milliseconds").asDouble()).isPositive();
    assertThat(json.get("clips").asInt()).isEqualTo(12);
    double perSecond = json.get("clips_per_second").asDouble();
    assertThat(perSecond * json.at("/seconds/median").asDouble()).isEqualTo(3, within(1e-6));
    assertThat(json.get("megabytes_per_second").asDouble()).isPositive();
    assertThat(run("input", "train.shards=" + shards)).contains("12 clips, batches of 1");
  }

  @Test
  void clipsAreReadInTurnsWithPlainReads() throws Exception {
    TinyTrainingSet.write(folder.resolve("shards"), 12);
    String shards = "train.shards=" + folder.resolve("shards").toUri();
    JsonNode json = json("read", shards);
    assertThat(names(json))
        .containsExactly(
            "shards",
            "clips",
            "megabytes_per_clip",
            "warmup",
            "plain",
            "tubelets",
            "crop",
            "pixels");
    assertThat(json.get("clips").asInt()).isEqualTo(12);
    assertThat(json.at("/plain/share").asDouble()).isEqualTo(1);
    assertThat(json.at("/pixels/seconds/count").asInt()).isEqualTo(2);
    double median = json.at("/tubelets/seconds/median").asDouble();
    assertThat(json.at("/tubelets/gigabytes_per_second").asDouble() * median * 1e3)
        .isEqualTo(json.get("megabytes_per_clip").asDouble(), within(1e-9));
    assertThat(run("read", shards)).contains("12 clips of").contains("crop for training");
  }

  @Test
  void clipsAreCutInTurnsWithFfmpeg() throws Exception {
    TestVideos.writeNoise(folder, 2);
    String[] words = {
      "decode",
      folder.resolve("0.avi").toString(),
      folder.resolve("1.avi").toString(),
      "prepare.frames=4",
      "prepare.stride=1",
      "prepare.frames-per-second=10",
      "prepare.short-side=16",
      "prepare.clips-per-video=2",
      "prepare.patch=8"
    };
    JsonNode json = json(words);
    assertThat(names(json))
        .containsExactly(
            "videos",
            "clips",
            "frames",
            "frames_decoded",
            "frames_to_the_last",
            "warmup",
            "ours",
            "spans",
            "sequential",
            "of_spans",
            "of_sequential");
    assertThat(json.get("clips").asInt()).isEqualTo(4);
    assertThat(json.get("frames").asInt()).isBetween(8, 2 * 12);
    assertThat(json.get("frames_to_the_last").asInt()).isBetween(json.get("frames").asInt(), 24);
    assertThat(json.at("/ours/cpu_seconds/count").asInt()).isEqualTo(2);
    assertThat(json.get("of_spans").asDouble()).isPositive();
    assertThat(run(words)).contains("2 videos, 4 clips").contains("ffmpeg, from start");
  }

  @Test
  void servesAStepForEveryLine() throws Exception {
    ExecutorService server = Executors.newSingleThreadExecutor();
    PipedOutputStream answer = new PipedOutputStream();
    try (BufferedReader answers =
        new BufferedReader(
            new InputStreamReader(new PipedInputStream(answer), StandardCharsets.UTF_8))) {
      Future<?> served;
      try (PipedOutputStream ask = new PipedOutputStream()) {
        InputStream in = new PipedInputStream(ask);
        served = server.submit(() -> serve(in, answer));
        JsonNode ready = JSON.readTree(answers.readLine());
        assertThat(names(ready)).containsExactly("subject", "warmup", "gemm");
        assertThat(ready.at("/gemm/gflops").asDouble()).isPositive();
        for (String line : List.of("step", "", "anything")) {
          ask.write((line + "\n").getBytes(StandardCharsets.UTF_8));
          ask.flush();
          JsonNode step = JSON.readTree(answers.readLine());
          assertThat(names(step)).containsExactly("seconds");
          assertThat(step.get("seconds").asDouble()).isPositive();
        }
      }
      assertThat(answers.readLine()).isNull();
      served.get();
    } finally {
      server.shutdownNow();
    }
  }

  private static Void serve(InputStream in, OutputStream answer) throws Exception {
    List<String> words = new ArrayList<>(TINY);
    words.addAll(List.of("step", "--serve", "--batch=2"));
    try (PrintStream out = new PrintStream(answer, true, StandardCharsets.UTF_8)) {
      Bench.bench(in, out, words.toArray(String[]::new));
    }
    return null;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--threads=1 | found [], expected one of step, attention, gemm, input, read, decode, round,"
            + " small-data",
        "stop | found [stop], expected one of step, attention, gemm, input, read, decode, round,"
            + " small-data",
        "step --batch=0 | --batch: found 0, expected a whole number from 1 to 1000000",
        "step --steps=x | --steps: found x, expected a whole number from 1 to 1000000",
        "step --engine=mkl | --engine: found mkl, expected default or nd4j",
        "round --frequency=1 | --workers: found none, expected a whole number from 2",
        "round --workers=1 | --workers: found 1, expected a whole number from 2",
        "gemm --serve | --serve is for step, not for gemm",
        "step --serve --json=- | --serve prints JSON by itself; leave --json out",
        "step --serve=yes | --serve takes no value"
      })
  void wrongWordsAreRefused(String words, String message) {
    assertThatThrownBy(
            () -> Bench.bench(InputStream.nullInputStream(), System.out, words.strip().split(" ")))
        .isInstanceOf(UsageException.class)
        .hasMessage(message.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"step model.width=x", "input model.width=12"})
  void theConfigurationIsChecked(String words) {
    assertThatThrownBy(
            () -> Bench.bench(InputStream.nullInputStream(), System.out, words.split(" ")))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void theBatchIsAWorkersShare() {
    assertThat(settings("train.workers=2", "train.batch-size=6").batch()).isEqualTo(3);
    assertThat(settings("train.micro-batch=4").batch()).isEqualTo(4);
    assertThat(settings("train.batch-size=6").batch()).isEqualTo(1);
    assertThat(settings("train.workers=2", "--batch=5").batch()).isEqualTo(5);
  }

  private static BenchSettings settings(String... words) {
    Arguments arguments = Arguments.parse(Set.of("batch"), words);
    return Bench.settings(arguments, arguments.load());
  }
}
