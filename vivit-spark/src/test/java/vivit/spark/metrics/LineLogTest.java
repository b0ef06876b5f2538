package vivit.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineLogTest {
  @TempDir java.nio.file.Path folder;

  @Test
  void linesCanBeReadWhileTheRunGoesOn() throws IOException {
    try (LineLog log = open(0)) {
      log.add(new LedgerLine(1, 0, 2, List.of("a", "b"), List.of("b")));

      assertThat(Files.readString(folder.resolve("ledger.jsonl")))
          .isEqualTo(
              "{\"step\":1,\"epoch\":0,\"worker\":2,\"clips\":[\"a\",\"b\"],\"swapped\":[\"b\"]}\n");
    }
  }

  /** A file system whose files fail with the same exception at writing and at closing, as HDFS. */
  private static final class Failing extends RawLocalFileSystem {
    private final IOException lost = new IOException("all DataNodes are bad");

    @Override
    public FSDataOutputStream append(Path path, int size, Progressable progress)
        throws IOException {
      OutputStream failing =
          new OutputStream() {
            @Override
            public void write(int value) throws IOException {
              throw lost;
            }

            @Override
            public void close() throws IOException {
              throw lost;
            }
          };
      return new FSDataOutputStream(failing, null);
    }
  }

  @Test
  void whatStopsTheWritingIsWhatIsSaid() throws IOException {
    try (Failing disk = new Failing()) {
      disk.initialize(URI.create("file:///"), new Configuration());
      Path file = new Path(folder.resolve("ledger.jsonl").toUri());

      assertThatThrownBy(
              () -> {
                try (LineLog log = LineLog.resume(disk, file, 0)) {
                  log.add(new LedgerLine(1, 0, 0, List.of(), List.of()));
                }
              })
          .isSameAs(disk.lost);
    }
  }

  @Test
  void resumingCutsBackToTheStep() throws IOException {
    try (LineLog log = open(0)) {
      for (int step = 1; step <= 5; step++) {
        log.add(new LedgerLine(step, 0, 0, List.of(), List.of()));
      }
    }
    Files.writeString(
        folder.resolve("ledger.jsonl"), "{\"step\":2,\"epo", StandardOpenOption.APPEND);

    try (LineLog log = open(3)) {
      log.add(new LedgerLine(4, 9, 0, List.of(), List.of()));
    }

    assertThat(Files.readAllLines(folder.resolve("ledger.jsonl")))
        .hasSize(4)
        .last()
        .isEqualTo("{\"step\":4,\"epoch\":9,\"worker\":0,\"clips\":[]}");
    assertThat(folder.toFile().list()).containsExactly("ledger.jsonl");
  }

  private LineLog open(long step) throws IOException {
    return LineLog.resume(
        FileSystem.getLocal(new Configuration()),
        new Path(folder.resolve("ledger.jsonl").toUri()),
        step);
  }
}
