package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.bench.Bench;
import vivit.bench.smalldata.RoundBytes;
import vivit.dataprep.config.StrictConfig;
import vivit.spark.config.Experiment;
import vivit.tests.cluster.JvmProcess;

/** {@code bench round} measures real rounds on executors of its own, and leaves nothing behind. */
class RoundBenchIT {
  @TempDir Path folder;

  /**
   * The columns are: steps of a round, bytes a parameter that are sent and received for averaging,
   * and those of the copies of the momentum that only its owner has.
   */
  @ParameterizedTest
  @CsvSource({"1, 8, 4", "2, 16, 0"})
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void roundsOfTwoWorkersAreMeasured(int frequency, double averaging, double copies)
      throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("temporary"));
    List<Path> before = work();

    JsonNode report = bench(frequency, temporary, List.of());

    assertThat(report.get("workers").asInt()).isEqualTo(2);
    assertThat(report.get("frequency").asInt()).isEqualTo(frequency);
    assertThat(report.get("rounds").asInt()).isEqualTo(3);
    assertThat(report.at("/subject/parameters").asInt()).isGreaterThan(150_000);
    assertThat(report.get("phases").findValuesAsText("name"))
        .containsExactly("gather", "load", "steps", "contribute", "fetch", "update", "outside");
    for (String time : List.of("round", "step", "overhead", "raw")) {
      assertThat(report.get(time).get("least").asDouble()).as(time).isPositive();
      assertThat(report.get(time).get("median").asDouble())
          .as(time)
          .isBetween(
              report.get(time).get("least").asDouble(), report.get(time).get("most").asDouble());
    }
    double bytes =
        report.get("bytes_in_per_parameter").asDouble()
            + report.get("bytes_out_per_parameter").asDouble();
    assertThat(bytes - copies).isCloseTo(averaging, within(averaging / 10));
    double overhead = report.at("/overhead/median").asDouble();
    double step = report.at("/step/median").asDouble();
    assertThat(report.get("break_even").asDouble())
        .isCloseTo(overhead / step, within(overhead / step / 1e6));

    assertThat(work()).isEqualTo(before);
    assertThat(temporary).isEmptyDirectory();
    assertThat(ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse("")))
        .noneMatch(command -> command.contains(temporary.toString()));
  }

  /** What {@code bench small-data} computes for rounds of other optimisers, states and wires. */
  @ParameterizedTest
  @CsvSource({
    "1, train.optimiser=adamw",
    "2, train.optimiser=adamw",
    "2, train.optimiser=adamw train.averaging.outer=slowmo train.averaging.state=keep"
        + " train.averaging.wire=int8"
  })
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void bytesAreThoseOfTheFormula(int frequency, String keys) throws Exception {
    List<String> words = List.of(keys.split(" ", -1));
    JsonNode report = bench(frequency, Files.createDirectories(folder.resolve("temporary")), words);

    List<String> all = new ArrayList<>(words);
    all.add("train.averaging.every=" + frequency);
    StrictConfig config = StrictConfig.load(all.toArray(String[]::new));
    long parameters = report.at("/subject/parameters").asLong();
    RoundBytes computed = RoundBytes.of(parameters, 2, Experiment.read(config).training());
    double expected = frequency == 1 ? computed.gradients() : computed.vectors();
    double measured = (report.get("bytes_in").asDouble() + report.get("bytes_out").asDouble()) / 2;
    assertThat(measured).isCloseTo(expected, within(expected / 20));
  }

  private JsonNode bench(int frequency, Path temporary, List<String> more) throws IOException {
    List<String> words = new ArrayList<>(more);
    words.addAll(List.of("round", "--workers=2", "--frequency=" + frequency, "--batch=1"));
    words.addAll(
        List.of("--rounds=3", "--warmup=1", "--json", folder.resolve("out.json").toString()));
    words.addAll(
        List.of(
            "model.preset=null",
            "model.width=64",
            "model.attention-heads=2",
            "model.mlp-width=256",
            "model.spatial-layers=2",
            "model.temporal-layers=2",
            "model.clip.frames=4",
            "model.clip.height=8",
            "model.clip.width=8",
            "model.tubelet.height=4",
            "model.tubelet.width=4",
            "describe.classes=[3]"));
    List<String> options =
        List.of(
            "-Xmx1g",
            "-Djava.io.tmpdir=" + temporary,
            "-Dspark.executor.cores=1",
            "-Dspark.executor.extraJavaOptions=-Dstarted.for=" + temporary);
    try (JvmProcess process = JvmProcess.start(Bench.class.getName(), options, words)) {
      assertThat(process.status()).as(process.text()).isZero();
      assertThat(process.text()).contains("2 workers, one an executor; 3 rounds of " + frequency);
    }
    return new ObjectMapper().readTree(folder.resolve("out.json").toFile());
  }

  /** The working directories of executors. */
  private static List<Path> work() throws IOException {
    Path work = Path.of(System.getenv("SPARK_HOME"), "work");
    if (!Files.exists(work)) {
      return List.of();
    }
    try (Stream<Path> applications = Files.list(work)) {
      return applications.sorted().toList();
    }
  }
}
