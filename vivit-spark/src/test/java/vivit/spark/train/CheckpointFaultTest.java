package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.checkpoint.FaultyFileSystem;
import vivit.spark.checkpoint.FaultyFileSystem.Operation;
import vivit.spark.checkpoint.LoggedLines;

/** Whole runs on a disk with faults: rounds up to step 2, 3, 5, 6, 8, 9; checkpoints of 3, 6, 9. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CheckpointFaultTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  /** A run that nothing disturbed. */
  private static TinyRun undisturbed;

  @BeforeAll
  static void train() throws IOException {
    FaultyFileSystem.register(TrainingSpark.context().hadoopConfiguration());
    TinyTrainingSet.write(shared.resolve("shards"), 18);
    undisturbed = new TinyRun(shared.resolve("shards"), shared.resolve("undisturbed"), 2);
    undisturbed.train();
  }

  @BeforeEach
  @AfterEach
  void repair() {
    FaultyFileSystem.repair();
  }

  private TinyRun run() {
    return new TinyRun(
        shared.resolve("shards"),
        folder.resolve("run"),
        2,
        "train.run=" + FaultyFileSystem.path(folder.resolve("run")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.safetensors", "momentum.safetensors", "state.json"})
  void whatOnlyShowsWhenExecutorsReadLeadsToTheCheckpointBefore(String file) throws IOException {
    run().train(7);
    Path newest = checkpoints().get(checkpoints().size() - 1);
    FaultyFileSystem.fail(
        operation ->
            operation.what().equals("read")
                && operation.path().endsWith(newest.getFileName() + "/" + file));

    try (LoggedLines log = new LoggedLines(CheckpointStore.class.getName())) {
      run().train(4);
      assertThat(log.take().stream().filter(line -> line.startsWith("WARN")))
          .singleElement()
          .asString()
          .contains(newest.getFileName() + "/" + file)
          .endsWith("; falling back to the checkpoint before it");
    }
    FaultyFileSystem.repair();
    run().train();
    assertThat(run().parameters()).isEqualTo(undisturbed.parameters());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkdirs", "create", "write", "sync"})
  void afterOneFailureAnotherCheckpointIsWritten(String what) throws IOException {
    AtomicBoolean failed = new AtomicBoolean();
    Predicate<Operation> once =
        operation ->
            operation.what().equals(what)
                && operation.path().contains("/checkpoints/.step-")
                && failed.compareAndSet(false, true);
    FaultyFileSystem.fail(once);

    try (LoggedLines log = new LoggedLines(CheckpointWriter.class.getName())) {
      run().train();
      assertThat(log.take())
          .anyMatch(
              line ->
                  line.startsWith("WARN Cannot write the checkpoint of step ")
                      && line.contains("the disk does not " + what));
    }
    assertThat(run().parameters()).isEqualTo(undisturbed.parameters());
    assertThat(checkpoints()).allMatch(path -> path.getFileName().toString().startsWith("step-"));
  }

  @Test
  void whatIsNotOnTheDiskAsWrittenIsNoCheckpoint() throws IOException {
    run().train(7);
    List<Path> before = checkpoints();
    FaultyFileSystem.flip(operation -> operation.path().endsWith("/momentum.safetensors"));

    assertThatThrownBy(() -> run().train())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Cannot write the checkpoint of step ")
        .hasMessageContaining("momentum.safetensors: it is corrupt, checksum ")
        .hasMessageContaining("this was attempt 3 in a row");

    assertThat(checkpoints()).isEqualTo(before).hasSize(2);
    FaultyFileSystem.repair();
    run().train();
    assertThat(run().parameters()).isEqualTo(undisturbed.parameters());
  }

  @Test
  void withAutomaticIntervalsAShortRunHasItsLastCheckpoint() throws IOException {
    new TinyRun(
            shared.resolve("shards"),
            folder.resolve("run"),
            2,
            "train.checkpoint.every=auto",
            "train.epochs=1")
        .train();

    assertThat(checkpoints()).singleElement().asString().endsWith("step-00000003");
  }

  /** All entries of the checkpoints' folder, oldest first. */
  private List<Path> checkpoints() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("run/checkpoints"))) {
      return entries.sorted().toList();
    }
  }
}
