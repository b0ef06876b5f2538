package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.PrepareShards;
import vivit.dataprep.config.Command;
import vivit.spark.Demo;
import vivit.spark.Predict;
import vivit.spark.demo.DemoVideos;
import vivit.tests.cluster.JvmProcess;

/** Ctrl-C ends a command with one line that says how to go on. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StopIT {
  private static final List<String> LOCAL = List.of("-Xmx1g", "-Dspark.master=local[2]");

  @TempDir Path folder;

  @Test
  @Tag("long")
  void aPreparationGoesOnWhereItWas() throws IOException {
    new DemoVideos(2, 4)
        .write(
            FileSystem.getLocal(new Configuration()),
            new org.apache.hadoop.fs.Path(folder.resolve("videos").toUri()),
            done -> {});
    assertThat(prepare("undisturbed").status()).isEqualTo(Command.DONE);

    JvmProcess stopped = prepare("stopped");
    while (stopped.isAlive() && results("stopped/_preparing") == 0) {
      pause();
    }
    stopped.interrupt();
    assertThat(stopped.status()).as(stopped.text()).isEqualTo(Command.STOPPED);
    assertThat(stopped.text())
        .endsWith("Stopped prepare: finished shards are kept; the same command goes on from there")
        .doesNotContain("\tat ", "    at ");
    assertThat(folder.resolve("stopped/_lock")).doesNotExist();
    assertThat(folder.resolve("stopped/_SUCCESS")).doesNotExist();

    assertThat(prepare("stopped").status()).isEqualTo(Command.DONE);
    assertThat(files("stopped")).isEqualTo(files("undisturbed"));
    for (String name : files("undisturbed")) {
      if (name.endsWith(".parquet")) {
        assertThat(folder.resolve("stopped").resolve(name))
            .hasSameBinaryContentAs(folder.resolve("undisturbed").resolve(name));
      }
    }
  }

  @Test
  @Tag("long")
  void aDemoSaysWhatToDo() throws IOException {
    try (JvmProcess demo =
        JvmProcess.start(
            Demo.class.getName(),
            LOCAL,
            List.of(
                "--out",
                folder.resolve("demo").toString(),
                "demo.train-videos=2",
                "demo.test-videos=1"))) {
      demo.await("(2/4 prepare)");
      demo.interrupt();
      assertThat(demo.status()).as(demo.text()).isEqualTo(Command.STOPPED);
      assertThat(demo.text())
          .contains("Stopped demo: its folder is incomplete; delete it and begin anew")
          .doesNotContain("\tat ", "    at ");
    }
  }

  /** It waits for a pipe, to which nobody writes more than a byte. */
  @Test
  void aCommandWithoutJobsEnds() throws Exception {
    Path pipe = folder.resolve("clip.safetensors");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (JvmProcess predict =
        JvmProcess.start(
            Predict.class.getName(),
            LOCAL,
            List.of("--checkpoint", folder.toString(), "--clip", pipe.toString()))) {
      // the pipe opens when there is a reader
      Files.newOutputStream(pipe).write(0);
      predict.interrupt();
      assertThat(predict.status()).as(predict.text()).isEqualTo(Command.STOPPED);
      assertThat(predict.text())
          .contains("Stopped predict: there is no result; the same command begins anew")
          .doesNotContain("\tat ", "    at ");
    }
  }

  private JvmProcess prepare(String output) throws IOException {
    return JvmProcess.start(
        PrepareShards.class.getName(),
        LOCAL,
        List.of(
            "conf/tiny.conf",
            "prepare.input=" + folder.resolve("videos"),
            "prepare.output=" + folder.resolve(output),
            "prepare.clips-per-shard=1",
            "prepare.clips-per-video=1"));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private List<String> files(String output) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(output))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Number of finished shards that a preparation has noted. */
  private int results(String output) throws IOException {
    if (!Files.exists(folder.resolve(output))) {
      return 0;
    }
    return (int) files(output).stream().filter(name -> name.startsWith("part-")).count();
  }
}
