package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.config.EffectiveConfig;
import vivit.dataprep.fixture.TinyTrainingSet;

/**
 * A finished run of three epochs, nine steps, goes on to five where that changes nothing before.
 */
class ExtensionTest {
  private static final String CONSTANT = "train.learning-rate.shape=constant";

  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void writeShards() throws IOException {
    TinyTrainingSet.write(shared.resolve("shards"), 17);
  }

  private TinyRun run(String name, String... keys) {
    String[] all = new String[keys.length + 1];
    System.arraycopy(keys, 0, all, 0, keys.length);
    all[keys.length] = "train.ledger=true";
    return new TinyRun(shared.resolve("shards"), folder.resolve(name), 2, all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "steps"})
  void itEndsAsIfItHadBegunWithThem(String shape) throws IOException {
    String[] keys = {
      "train.learning-rate.shape=" + shape,
      "train.learning-rate.drops=" + (shape.equals("steps") ? "0.5 at 2 epochs" : "")
    };
    TinyRun longer = run("longer", with(keys, "train.epochs=5"));
    longer.train();
    run("extended", keys).train();
    assertThat(rates("extended")).isEqualTo(rates("longer").subList(0, 6));

    run("extended", with(keys, "train.epochs=5", "train.extend=true")).train();

    for (String file : List.of("parameters.safetensors", "momentum.safetensors")) {
      assertThat(newest("extended").resolve(file))
          .hasSameBinaryContentAs(newest("longer").resolve(file));
    }
    assertThat(newest("extended")).hasFileName("step-00000015");
    assertThat(rates("extended")).isEqualTo(rates("longer"));
    assertThat(folder.resolve("extended/ledger.jsonl"))
        .hasSameTextualContentAs(folder.resolve("longer/ledger.jsonl"));
    assertThat(
            EffectiveConfig.read(
                Files.readString(folder.resolve("extended/effective.conf")), "effective.conf"))
        .containsEntry("train.epochs", "5")
        .containsEntry("train.extend", "true");
    // from now on it is a run of five epochs
    run("extended", with(keys, "train.epochs=5")).train();
    assertThat(newest("extended")).hasFileName("step-00000015");
  }

  private static String[] with(String[] keys, String... more) {
    String[] all = new String[keys.length + more.length];
    System.arraycopy(keys, 0, all, 0, keys.length);
    System.arraycopy(more, 0, all, keys.length, more.length);
    return all;
  }

  @Test
  void aRateThatDependsOnTheLengthIsRefused() throws IOException {
    run("run").train();

    assertThatThrownBy(() -> run("run", "train.epochs=5", "train.extend=true").train())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot extend " + uri("run"))
        .hasMessageContaining(
            ": its learning rate depends on the length of the run (train.learning-rate.shape): step 3 had 0.0")
        .hasMessageContaining(", and with 15 steps instead of 9 it would have had 0.0")
        .hasMessageEndingWith(
            "; begin a new run from its model: another train.run and initialise.from=%s initialise.restore-head=true"
                .formatted(uri("run")));
  }

  @Test
  void aRoundThatTheEndCutIsRefused() throws IOException {
    run("run", CONSTANT, "train.averaging.every=4").train();

    assertThatThrownBy(
            () ->
                run(
                        "run",
                        CONSTANT,
                        "train.averaging.every=4",
                        "train.epochs=5",
                        "train.extend=true")
                    .train())
        .hasMessageContaining(
            ": its last round ended with the run, at step 9, and would have gone on to step 12 (train.averaging.every); begin a new run");
  }

  @Test
  void itIsAskedForAndNotShortened() throws IOException {
    run("run", CONSTANT).train();

    assertThatThrownBy(() -> run("run", CONSTANT, "train.epochs=5").train())
        .hasMessageContaining("train.epochs: 3 in the run, now 5")
        .hasMessageContaining("More epochs need train.extend=true.");
    assertThatThrownBy(() -> run("run", CONSTANT, "train.epochs=2", "train.extend=true").train())
        .hasMessageEndingWith(
            ": it has 9 steps, and train.epochs and train.min-steps now give 6; give it more, or choose another train.run");
  }

  private String uri(String run) {
    return "file:" + folder.resolve(run);
  }

  private Path newest(String run) throws IOException {
    try (var checkpoints = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return checkpoints.max(Path::compareTo).orElseThrow();
    }
  }

  /** The rates of all rounds, as the run logged them. */
  private List<Double> rates(String run) throws IOException {
    return Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl")).stream()
        .map(ExtensionTest::parse)
        .map(line -> line.get("learning_rate").asDouble())
        .toList();
  }

  private static JsonNode parse(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException wrong) {
      throw new IllegalStateException(wrong);
    }
  }
}
