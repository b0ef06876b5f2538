package vivit.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vivit.spark.checkpoint.TestCheckpoints.values;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.spark.checkpoint.CheckpointStore.FirstUse;

/** Any damage to the newest checkpoint leads to the one before it, and is said. */
class DamagedCheckpointTest {
  private static final long SEED = 20_261_130;
  private static final int DAMAGES = 200;
  private static final List<String> FILES =
      List.of("parameters.safetensors", "momentum.safetensors", "state.json");
  private static final FirstUse<Checkpoint> VERIFY =
      checkpoint -> {
        checkpoint.verify();
        return checkpoint;
      };

  @TempDir Path run;
  private CheckpointStore store;
  private Path older;
  private Path newest;

  @BeforeEach
  void write() throws IOException {
    FaultyFileSystem.repair();
    Configuration conf = FaultyFileSystem.register(new Configuration());
    org.apache.hadoop.fs.Path path = FaultyFileSystem.path(run);
    store = new CheckpointStore(path.getFileSystem(conf), path);
    TestCheckpoints.write(store, 1);
    TestCheckpoints.write(store, 2);
    older = run.resolve("checkpoints/step-00000001");
    newest = run.resolve("checkpoints/step-00000002");
  }

  @AfterEach
  void repair() {
    FaultyFileSystem.repair();
  }

  @Test
  void everyRandomDamageLeadsToTheCheckpointBefore() throws IOException {
    Map<String, byte[]> whole = new TreeMap<>();
    for (String file : FILES) {
      whole.put(file, Files.readAllBytes(newest.resolve(file)));
    }
    Random random = new Random(SEED);
    int fellBack = 0;
    for (int i = 0; i < DAMAGES; i++) {
      String damage = damage(whole, random);
      for (FirstUse<Checkpoint> use : List.of(VERIFY, DamagedCheckpointTest::read)) {
        try (LoggedLines log = new LoggedLines(CheckpointStore.class.getName())) {
          Checkpoint used = store.latest(use).orElseThrow();
          if (used.state().step() == 1) {
            fellBack++;
            assertThat(log.take())
                .as(damage)
                .singleElement()
                .asString()
                .startsWith("WARN Cannot read ")
                .contains("step-00000002", "falling back to the checkpoint before it");
          } else { // no effect: zeros over zeros, white space after JSON, another spelling of E
            assertThat(used.state().step()).as(damage).isEqualTo(2);
            assertThat(log.take()).as(damage).isEmpty();
          }
          assertRight(damage, used);
        }
      }
      for (String file : FILES) {
        Files.write(newest.resolve(file), whole.get(file));
      }
    }
    assertThat(fellBack).as("seed " + SEED).isGreaterThan(2 * DAMAGES * 8 / 10);
  }

  /** Damages one file of the newest checkpoint; returns what was done. */
  private String damage(Map<String, byte[]> whole, Random random) throws IOException {
    String name = FILES.get(random.nextInt(FILES.size()));
    Path file = newest.resolve(name);
    byte[] bytes = whole.get(name).clone();
    int at = random.nextInt(bytes.length);
    int kind = random.nextInt(7);
    switch (kind) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
      }
      case 1 -> Files.write(file, Arrays.copyOf(bytes, at));
      case 2 -> Files.delete(file);
      case 3 -> Files.write(file, whole.get(FILES.get(random.nextInt(FILES.size()))));
      case 4 -> Files.copy(older.resolve(name), file, StandardCopyOption.REPLACE_EXISTING);
      case 5 -> {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100));
        for (int i = bytes.length; i < longer.length; i++) {
          longer[i] = (byte) random.nextInt(128);
        }
        Files.write(file, longer);
      }
      default -> {
        Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(64)), (byte) 0);
        Files.write(file, bytes);
      }
    }
    return "seed %d: damage %d to %s at %d".formatted(SEED, kind, name, at);
  }

  /** Reads all vectors as executors do. */
  private static Checkpoint read(Checkpoint checkpoint) throws IOException {
    for (String file : checkpoint.state().files().keySet()) {
      checkpoint.read(file, (offset, values) -> {});
    }
    return checkpoint;
  }

  private static void assertRight(String damage, Checkpoint used) throws IOException {
    long step = used.state().step();
    assertThat(values(used.parameters(1000)))
        .as(damage)
        .isEqualTo(values(TestCheckpoints.vector(step)));
    assertThat(used.state().with(Map.of())).as(damage).isEqualTo(TestCheckpoints.state(step, 0.5));
  }

  @Test
  void anErrorWhileReadingIsDamage() throws IOException {
    for (String file : FILES) {
      FaultyFileSystem.fail(
          operation ->
              operation.what().equals("read")
                  && operation.path().endsWith("step-00000002/" + file));

      try (LoggedLines log = new LoggedLines(CheckpointStore.class.getName())) {
        assertThat(store.latest().orElseThrow().state().step()).isEqualTo(1);
        assertThat(log.take())
            .singleElement()
            .asString()
            .contains("step-00000002/" + file + ": IOException: the disk does not read " + file)
            .endsWith("; falling back to the checkpoint before it");
      }
    }
  }

  @Test
  void aStorageThatDoesNotAnswerIsNoDamage() {
    FaultyFileSystem.fail(new GoesAway()::test);

    try (LoggedLines log = new LoggedLines(CheckpointStore.class.getName())) {
      assertThatThrownBy(store::latest)
          .isNotInstanceOf(CorruptCheckpointException.class)
          .hasMessageContaining("step-00000002/momentum.safetensors")
          .hasMessageContaining("the storage is not available: the disk does not list checkpoints");
      assertThat(log.take()).isEmpty();
    }
    FaultyFileSystem.repair();
    assertThat(newest).isDirectory();
  }

  /** A storage that breaks down while the first vector is read. */
  private static final class GoesAway {
    private boolean gone;

    boolean test(FaultyFileSystem.Operation operation) {
      gone |= operation.what().equals("read") && operation.path().endsWith("momentum.safetensors");
      return gone;
    }
  }

  @Test
  void ifAllAreDamagedTheErrorSaysSo() throws IOException {
    Files.writeString(older.resolve("state.json"), "{}", StandardCharsets.UTF_8);
    Files.delete(newest.resolve("momentum.safetensors"));

    assertThatThrownBy(store::latest)
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("None of the 2 checkpoints in ")
        .hasMessageContaining("is intact; see the warnings above");
  }
}
