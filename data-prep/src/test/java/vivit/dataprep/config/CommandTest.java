package vivit.dataprep.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
  private static final Command COMMAND = new Command("vivit test WORD\n\nTests.", List.of());

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(Command.Body body) {
    PrintStream before = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      return COMMAND.status(new String[0], body);
    } finally {
      System.setErr(before);
    }
  }

  private String printed() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatWasForeseenIsOneMessage() {
    int failed =
        run(
            () -> {
              throw new IOException("no such file");
            });
    int refused =
        run(
            () -> {
              throw new Refusal("no such\u0007 model");
            });

    assertThat(List.of(failed, refused)).containsOnly(Command.FAILED);
    assertThat(printed().lines()).containsExactly("no such file", "no such\\u0007 model");
  }

  @Test
  void whatHadoopRefusesIsOneMessage() {
    int noPath = run(() -> new Path("a:b"));
    int noHost =
        run(() -> new Path("hdfs://no-such-host.invalid/x").getFileSystem(new Configuration()));
    int noFileSystem = run(() -> new Path("nosuch://bucket/x").getFileSystem(new Configuration()));
    int missing = run(() -> Files.readString(java.nio.file.Path.of("no/such/file")));

    assertThat(List.of(noPath, noHost, noFileSystem, missing)).containsOnly(Command.FAILED);
    assertThat(printed().lines())
        .hasSize(4)
        .anyMatch(line -> line.contains("a:b"))
        .anyMatch(line -> line.contains("no-such-host.invalid"))
        .anyMatch(line -> line.contains("nosuch"))
        .contains("Cannot use no/such/file: there is no such file or folder");
  }

  /** Hadoop's local file system throws an error where others throw an exception. */
  @Test
  void aLocalDiskThatFailsIsOneMessage(@TempDir java.nio.file.Path folder) {
    Path file = new Path(folder.resolve("file").toUri());
    int failed =
        run(
            () -> {
              FileSystem fs = FileSystem.getLocal(new Configuration()).getRaw();
              OutputStream out = fs.create(file).getWrappedStream();
              out.close();
              out.write(1);
              out.flush();
            });

    assertThat(failed).isEqualTo(Command.FAILED);
    assertThat(printed()).isEqualTo("java.io.IOException: Stream Closed\n");
  }

  @Test
  void aPathIsFollowedByItsKey() {
    String[] words = {"train", "train.run=hdfs://nn:8020/runs/first", "train.shards=/shards"};

    assertThat(StrictConfig.keyOf("hdfs://nn:8020/runs/first", words)).contains("train.run");
    assertThat(StrictConfig.keyOf("/runs/first/checkpoints", words)).contains("train.run");
    assertThat(StrictConfig.keyOf("/runs", words)).contains("train.run");
    assertThat(StrictConfig.keyOf("nn:8020", words)).contains("train.run");
    assertThat(StrictConfig.keyOf("/shards/part-00000.parquet", words)).contains("train.shards");
    assertThat(StrictConfig.keyOf("/shards-2", words)).isEmpty();
    assertThat(StrictConfig.keyOf("b", words)).isEmpty();
    assertThat(StrictConfig.keyOf("/x", "no-such.conf", "train.run=/x")).isEmpty();
  }

  @Test
  void aWrongCommandLineIsFollowedByTheUsage() {
    int status =
        run(
            () -> {
              throw new UsageException("found 0 words, expected one");
            });

    assertThat(status).isEqualTo(Command.REFUSED);
    assertThat(printed().lines())
        .containsExactly("found 0 words, expected one", "", "vivit test WORD");
  }

  @Test
  void aBugPrintsItsStackTrace() {
    int argument =
        run(
            () -> {
              throw new IllegalArgumentException("rate -1\nDone\u001b[2J");
            });
    int state =
        run(
            () -> {
              throw new IllegalStateException("closed twice");
            });

    assertThat(List.of(argument, state)).containsOnly(Command.FAILED);
    assertThat(printed())
        .contains("java.lang.IllegalArgumentException: rate -1\n  Done\\u001b[2J\n")
        .contains("java.lang.IllegalStateException: closed twice")
        .contains("\n      at vivit.dataprep.config.CommandTest");
  }
}
