package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.dataprep.storage.Sha256;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointStore;

/** Run folders whose state somebody else wrote, with a checksum that matches. */
class ForeignRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static TinyRun training;
  private static Path original;

  @TempDir Path copy;

  @BeforeAll
  static void train() throws Exception {
    Path shards = folder.resolve("shards");
    TinyTrainingSet.write(shards, 18);
    training = new TinyRun(shards, folder.resolve("run"), 1, "train.epochs=1");
    training.train();
    original = folder.resolve("run");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include url(\"http://127.0.0.1:9/x\")",
        "include file(\"/etc/hostname\")",
        "include \"http://127.0.0.1:9/x\"",
        "train.epochs = ${?HOME}",
        "train.epochs = ${PATH}"
      })
  void itsConfigurationReadsNothingElse(String line) throws Exception {
    Path run = foreign(state -> state.put("config", state.path("config").asText() + "\n" + line));
    int lines =
        (int) JSON.readTree(state(run).toFile()).at("/state/config").asText().lines().count();

    assertThatThrownBy(() -> new TinyRun(training.shards(), run, 1, "train.epochs=1").train())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot resume ")
        .hasMessageContaining("state.json: config: %d: found ", lines)
        .hasMessageContaining("this one was not written by this program");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../../victim", "/etc/hostname", "a/b", "file:///etc/hostname", "state.json"})
  void itsStateNamesNoOtherFiles(String name) throws Exception {
    Path run =
        foreign(
            state -> {
              ObjectNode files = (ObjectNode) state.path("files");
              files.set(name, files.path(Checkpoint.MOMENTUM).deepCopy());
            });

    assertThatThrownBy(
            () -> CheckpointStore.open(new Configuration(), TinyRun.path(state(run).getParent())))
        .hasMessageContaining("state.json: this program did not write it: files: found [")
        .hasMessageContaining(name)
        .hasMessageContaining("], expected %s and states", Checkpoint.PARAMETERS);
  }

  @Test
  void itsStateIsWhole() throws Exception {
    List<Consumer<ObjectNode>> changes =
        List.of(
            state -> state.remove("files"),
            state -> ((ObjectNode) state.path("files")).remove(Checkpoint.PARAMETERS),
            state -> state.putNull("config"),
            state -> state.putArray("labels").addNull(),
            state -> state.putArray("labels").add("a").add("a"),
            state -> state.put("labels", "x"),
            state -> state.putNull("model"),
            state -> ((ObjectNode) state.path("model")).put("variant", "x"),
            state -> ((ObjectNode) state.path("model")).put("spatial_layers", 2_000_000_000),
            state -> ((ObjectNode) state.path("model")).putNull("clip"));

    for (Consumer<ObjectNode> change : changes) {
      Path run = foreign(change);
      assertThatThrownBy(
              () -> CheckpointStore.open(new Configuration(), TinyRun.path(state(run).getParent())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("this program did not write it");
    }
  }

  @Test
  void onlyCheckpointsAreRemoved() throws Exception {
    Path run = foreign(state -> {});
    Path checkpoints = run.resolve("checkpoints");
    List<String> others =
        List.of(".mine.tmp", ".step-1.tmp", "step-00000001.old", "step-999999999999999999999", "x");
    for (String name : others) {
      Files.createDirectory(checkpoints.resolve(name));
    }
    Files.createDirectory(
        checkpoints.resolve(".step-00000003.123e4567-e89b-12d3-a456-426614174000.tmp"));

    new TinyRun(training.shards(), run, 1, "train.epochs=1", "train.checkpoint.keep=1").train();

    try (Stream<Path> left = Files.list(checkpoints)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsAll(others)
          .noneMatch(name -> name.startsWith(".step-00000003"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoints",
        "checkpoints/step-00000099",
        "checkpoints/.step-00000099.123e4567-e89b-12d3-a456-426614174000.tmp"
      })
  void itsFoldersAreNoLinks(String place) throws Exception {
    Path run = foreign(state -> {});
    Path victim = Files.createDirectory(run.resolveSibling("victim"));
    Path precious =
        Files.createDirectory(
            victim.resolve(".step-00000003.123e4567-e89b-12d3-a456-426614174000.tmp"));
    if (place.equals("checkpoints")) {
      Files.move(run.resolve(place), run.resolve("moved"));
    }
    Files.createSymbolicLink(run.resolve(place), victim);

    assertThatThrownBy(() -> new TinyRun(training.shards(), run, 1, "train.epochs=1").train())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            place
                + ": it is a link, expected a folder that train wrote; put a copy of what it points"
                + " to in its place");
    assertThat(victim.toFile().list()).containsExactly(precious.getFileName().toString());
    assertThat(run.resolve("_lock")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.json", "parameters.safetensors"})
  void itsFilesAreNoLinks(String name) throws Exception {
    Path run = foreign(state -> {});
    Path file = state(run).resolveSibling(name);
    Path moved = Files.move(file, run.resolve("moved"));
    Files.createSymbolicLink(file, moved);

    assertThatThrownBy(() -> CheckpointStore.open(new Configuration(), TinyRun.path(run)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(name + ": it is a link, expected a file that train wrote; put");
  }

  @Test
  void itsMetricsAreNoLink() throws Exception {
    Path run = foreign(state -> {});
    Path secret = Files.writeString(copy.resolve("secret"), "{\"step\":0,\"secret\":1}\n");
    Files.delete(run.resolve("metrics.jsonl"));
    Files.createSymbolicLink(run.resolve("metrics.jsonl"), secret);

    assertThatThrownBy(() -> new TinyRun(training.shards(), run, 1, "train.epochs=1").train())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("metrics.jsonl: it is a link, expected a file that train wrote; put");
  }

  @Test
  void theRunItselfMayBeALink() throws Exception {
    Path link = Files.createSymbolicLink(copy.resolve("link"), foreign(state -> {}));
    assertThat(CheckpointStore.open(new Configuration(), TinyRun.path(link)).state().step())
        .isPositive();
  }

  /** A copy of the run with another state in its newest checkpoint. */
  private Path foreign(Consumer<ObjectNode> change) throws IOException {
    Path run = Files.createTempDirectory(copy, "run");
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : files.skip(1).toList()) {
        Files.copy(file, run.resolve(original.relativize(file).toString()));
      }
    }
    JsonNode file = JSON.readTree(state(run).toFile());
    ObjectNode body = (ObjectNode) file.path("state");
    change.accept(body);
    ((ObjectNode) file)
        .put("sha256", Sha256.of(JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8)));
    JSON.writeValue(state(run).toFile(), file);
    return run;
  }

  private static Path state(Path run) throws IOException {
    try (Stream<Path> folders = Files.list(run.resolve("checkpoints"))) {
      return folders
          .filter(path -> path.getFileName().toString().matches("step-[0-9]{8}"))
          .sorted()
          .reduce((first, second) -> second)
          .orElseThrow()
          .resolve("state.json");
    }
  }
}
