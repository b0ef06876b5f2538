package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.InspectShards;
import vivit.dataprep.PrepareShards;
import vivit.dataprep.config.Command;
import vivit.spark.Evaluate;
import vivit.spark.Train;
import vivit.spark.demo.DemoVideos;
import vivit.tests.cluster.JvmProcess;

/** Passwords and keys are in no file that a command writes, and in nothing that it says. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SecretsIT {
  private static final String SECRET = "hUsHhUsH";

  @TempDir Path folder;

  /** All settings that hold secrets, and Spark's event log, which lists settings. */
  private JvmProcess start(Class<?> command, String... arguments) throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xmx1g", "-Dspark.master=local[2]"));
    Files.createDirectories(folder.resolve("events"));
    options.add("-Dspark.eventLog.enabled=true");
    options.add("-Dspark.eventLog.dir=" + folder.resolve("events").toUri());
    for (String name :
        List.of(
            "spark.hadoop.fs.s3a.access.key",
            "spark.hadoop.fs.s3a.secret.key",
            "spark.hadoop.fs.s3a.session.token",
            "spark.hadoop.fs.azure.account.key.me.dfs.core.windows.net",
            "spark.authenticate.secret",
            "spark.ssl.keyPassword")) {
      options.add("-D%s=%s".formatted(name, SECRET));
    }
    return JvmProcess.start(command.getName(), options, List.of(arguments));
  }

  @Test
  @Tag("long")
  void settingsAreNowhere() throws IOException {
    new DemoVideos(2, 4)
        .write(
            FileSystem.getLocal(new Configuration()),
            new org.apache.hadoop.fs.Path(folder.resolve("videos").toUri()),
            done -> {});
    String shards = folder.resolve("shards").toString();
    String run = folder.resolve("run").toString();

    requireDone(
        start(
            PrepareShards.class,
            "conf/tiny.conf",
            "prepare.input=" + folder.resolve("videos"),
            "prepare.output=" + shards,
            "prepare.clips-per-video=1"));
    requireDone(
        start(
            Train.class,
            "conf/tiny.conf",
            "train.shards=" + shards,
            "train.run=" + run,
            "train.epochs=1",
            "train.learning-rate.warmup=0 steps"));
    requireDone(start(InspectShards.class, shards, "--out", folder.resolve("page").toString()));

    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all.stream().map(file -> folder.relativize(file).getName(0).toString()))
          .contains("shards", "run", "page", "events");
      for (Path file : all) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain(SECRET);
      }
    }
  }

  private static void requireDone(JvmProcess command) {
    assertThat(command.status()).as(command.text()).isEqualTo(Command.DONE);
    assertThat(command.text()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "prepare.input, prepare.output=/x",
    "prepare.output, prepare.input=/x",
    "train.run, train.shards=/x",
    "evaluate.run, evaluate.shards=/x"
  })
  void addressesAreRefused(String key, String other) throws IOException {
    Class<?> command =
        key.startsWith("prepare")
            ? PrepareShards.class
            : key.startsWith("train") ? Train.class : Evaluate.class;

    JvmProcess refused = start(command, key + "=s3a://AKID:" + SECRET + "@bucket/folder", other);

    assertThat(refused.status()).as(refused.text()).isEqualTo(Command.REFUSED);
    assertThat(refused.text())
        .contains(
            "command line: "
                + key
                + ": found s3a://<hidden>@bucket/folder, but names and passwords in addresses end up in files and logs; give them as settings of Hadoop or in the environment")
        .doesNotContain(SECRET);
  }
}
