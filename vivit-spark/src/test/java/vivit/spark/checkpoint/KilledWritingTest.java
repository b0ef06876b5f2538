package vivit.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.spark.checkpoint.TestCheckpoints.values;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies at any moment of writing leaves whole checkpoints and nothing else. */
class KilledWritingTest {
  private static final Configuration CONF = FaultyFileSystem.register(new Configuration());

  @TempDir Path folder;

  @AfterEach
  void repair() {
    FaultyFileSystem.repair();
  }

  @Test
  void afterADeathAtAnyOperationTheRunGoesOn() throws IOException {
    Path before = folder.resolve("before");
    prepare(before);
    int operations = 0;
    int newer = 0;
    boolean died = true;
    while (died) {
      operations++;
      Path run = folder.resolve("run-" + operations);
      copy(before, run);
      FaultyFileSystem.killAt(operations);
      died = dies(run);
      FaultyFileSystem.repair();

      newer += resume(run, operations);
    }
    // begin, two vectors and the state written and read back, one replaced, one pruned
    assertThat(operations).isGreaterThan(50);
    assertThat(newer).isBetween(2, operations - 2);
  }

  /** A whole checkpoint of step 1, a whole one of step 2, and a damaged one of step 3. */
  private static void prepare(Path run) throws IOException {
    CheckpointStore store = store(run);
    TestCheckpoints.write(store, 1);
    TestCheckpoints.write(store, 2);
    TestCheckpoints.write(store, 3);
    Files.write(run.resolve("checkpoints/step-00000003/momentum.safetensors"), new byte[9]);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> entries = Files.walk(from)) {
      for (Path entry : entries.toList()) { // folders before what is in them
        Files.copy(entry, to.resolve(from.relativize(entry).toString()));
      }
    }
  }

  /** Goes on from step 2, replaces the damaged one, and prunes; returns whether it died. */
  private static boolean dies(Path run) throws IOException {
    try {
      CheckpointStore store = store(run);
      store.clean();
      assertThat(store.latest().orElseThrow().state().step()).isEqualTo(2);
      store.prune(TestCheckpoints.write(store, 3), 2, 0);
      return false;
    } catch (FaultyFileSystem.Killed killed) {
      return true;
    }
  }

  /** Starts again, as a new process would; returns 1 if the new checkpoint was complete. */
  private static int resume(Path run, int operation) throws IOException {
    String death = "death at operation " + operation;
    CheckpointStore store = store(run);
    store.clean();
    Checkpoint newest = store.latest().orElseThrow();
    assertThat(newest.state().step()).as(death).isIn(2L, 3L);
    assertThat(values(newest.parameters(1000)))
        .as(death)
        .isEqualTo(values(TestCheckpoints.vector(newest.state().step())));
    try (Stream<Path> left = Files.list(run.resolve("checkpoints"))) {
      List<String> names = left.map(path -> path.getFileName().toString()).sorted().toList();
      assertThat(names).as(death).allMatch(name -> name.matches("step-0000000[123]"));
      for (String name : names) {
        // The one that prepare damaged may still be there, as it was.
        if (!name.equals("step-00000003") || newest.state().step() == 3) {
          Checkpoint.open(
                  fileSystem(run), FaultyFileSystem.path(run.resolve("checkpoints/" + name)))
              .verify();
        }
      }
    }
    store.prune(TestCheckpoints.write(store, 4), 1, 0);
    assertThat(store.folders())
        .as(death)
        .singleElement()
        .hasToString(FaultyFileSystem.path(run.resolve("checkpoints/step-00000004")).toString());
    return newest.state().step() == 3 ? 1 : 0;
  }

  private static CheckpointStore store(Path run) throws IOException {
    return new CheckpointStore(fileSystem(run), FaultyFileSystem.path(run));
  }

  private static FileSystem fileSystem(Path run) throws IOException {
    return FaultyFileSystem.path(run).getFileSystem(CONF);
  }
}
