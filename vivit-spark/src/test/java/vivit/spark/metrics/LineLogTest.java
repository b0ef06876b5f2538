package vivit.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineLogTest {
  @TempDir java.nio.file.Path folder;

  @Test
  void linesCanBeReadWhileTheRunGoesOn() throws IOException {
    try (LineLog log = open(0)) {
      log.add(1, List.of(new LedgerLine(1, 0, 2, List.of("a", "b"), List.of("b"))));

      assertThat(Files.readString(folder.resolve("ledger.jsonl")))
          .isEqualTo(
              "{\"step\":1,\"epoch\":0,\"worker\":2,\"clips\":[\"a\",\"b\"],\"swapped\":[\"b\"]}\n");
    }
  }

  /** A file system that fails while it is down, after half of what it was given. */
  private static final class Failing extends RawLocalFileSystem {
    private final IOException lost = new IOException("all DataNodes are bad");
    private final boolean asError; // as Hadoop reports a full local disk
    private boolean down;

    Failing(boolean asError) {
      this.asError = asError;
    }

    @Override
    public FSDataOutputStream create(Path path, boolean overwrite) throws IOException {
      requireUp();
      FSDataOutputStream file = super.create(path, overwrite);
      OutputStream failing =
          new OutputStream() {
            @Override
            public void write(int value) throws IOException {
              write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
              file.write(bytes, from, down ? count / 2 : count);
              file.hflush();
              requireUp();
            }

            @Override
            public void close() throws IOException {
              file.close();
              requireUp(); // as HDFS
            }
          };
      return new FSDataOutputStream(failing, null);
    }

    private static FSError error(IOException cause) {
      try { // only Hadoop itself may make one
        Constructor<FSError> constructor = FSError.class.getDeclaredConstructor(Throwable.class);
        constructor.setAccessible(true);
        return constructor.newInstance(cause);
      } catch (ReflectiveOperationException other) {
        throw new LinkageError("FSError has changed", other);
      }
    }

    private void requireUp() throws IOException {
      if (down && asError) {
        throw error(lost);
      }
      if (down) {
        throw lost;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linesWaitForAStorageThatFailsForAWhile(boolean asError) throws IOException {
    try (Failing disk = new Failing(asError)) {
      disk.initialize(URI.create("file:///"), new Configuration());
      List<Integer> expected = new ArrayList<>();
      try (LineLog log = LineLog.resume(disk, path(), 0)) {
        for (int step = 1; step <= 40; step++) {
          disk.down = step % 10 > 5; // the last one is not lost either
          log.add(step, List.of(line(step, 0), line(step, 1)));
          expected.addAll(List.of(step, step));
          if (disk.down) {
            assertThatThrownBy(log::requireWritten)
                .hasMessageContaining("ledger.jsonl: ")
                .hasMessageContaining("all DataNodes are bad")
                .hasRootCause(disk.lost);
          } else {
            log.requireWritten();
            assertThat(steps()).isEqualTo(expected);
          }
        }
        disk.down = true;
        log.add(41, List.of(line(41, 0)));
        disk.down = false;
      }
      expected.add(41);
      assertThat(steps()).isEqualTo(expected);
      assertThat(folder.toFile().list()).containsExactly("ledger.jsonl");
    }
  }

  @Test
  void whatCannotBeWrittenAtTheEndIsMissing() throws IOException {
    try (Failing disk = new Failing(false)) {
      disk.initialize(URI.create("file:///"), new Configuration());
      LineLog log = LineLog.resume(disk, path(), 0);
      log.add(1, List.of(line(1, 0)));
      disk.down = true;
      log.add(2, List.of(line(2, 0)));
      log.close();
      disk.down = false;
      LineLog.resume(disk, path(), 2).close();
      assertThat(steps()).containsExactly(1);
    }
  }

  private static LedgerLine line(int step, int worker) {
    return new LedgerLine(step, 0, worker, List.of("clip"), List.of());
  }

  private List<Integer> steps() throws IOException {
    List<Integer> steps = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("ledger.jsonl"))) {
      steps.add(new ObjectMapper().readTree(line).path("step").asInt());
    }
    return steps;
  }

  @Test
  void resumingCutsBackToTheStep() throws IOException {
    try (LineLog log = open(0)) {
      for (int step = 1; step <= 5; step++) {
        log.add(step, List.of(new LedgerLine(step, 0, 0, List.of(), List.of())));
      }
    }
    Files.writeString(
        folder.resolve("ledger.jsonl"), "{\"step\":2,\"epo", StandardOpenOption.APPEND);

    try (LineLog log = open(3)) {
      log.add(4, List.of(new LedgerLine(4, 9, 0, List.of(), List.of())));
    }

    assertThat(Files.readAllLines(folder.resolve("ledger.jsonl")))
        .hasSize(4)
        .last()
        .isEqualTo("{\"step\":4,\"epoch\":9,\"worker\":0,\"clips\":[]}");
    assertThat(folder.toFile().list()).containsExactly("ledger.jsonl");
  }

  private LineLog open(long step) throws IOException {
    return LineLog.resume(FileSystem.getLocal(new Configuration()), path(), step);
  }

  private Path path() {
    return new Path(folder.resolve("ledger.jsonl").toUri());
  }
}
