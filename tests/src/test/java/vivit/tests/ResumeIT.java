package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.prepare.PrepareConfig;
import vivit.dataprep.prepare.PrepareJob;
import vivit.spark.SparkSettings;
import vivit.spark.Train;
import vivit.spark.demo.DemoVideos;

/** A driver that is killed without warning loses nothing: the run goes on to the same bits. */
class ResumeIT {
  private static final int STEPS = 24;

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stopTraining() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aKilledRunStartedAgainEndsWithTheSameBits() throws Exception {
    prepare();
    Process undisturbed = train("undisturbed");
    assertThat(undisturbed.waitFor()).isZero();

    Process killed = train("killed");
    Path metrics = folder.resolve("killed/metrics.jsonl");
    while (killed.isAlive() && lines(metrics) < 9) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(killed.isAlive()).as("was still training when killed").isTrue();
    killed.destroyForcibly().waitFor();
    int before = lines(metrics);
    assertThat(before).isBetween(9, STEPS - 1);

    Process again = train("killed");
    assertThat(again.waitFor()).isZero();

    assertThat(lines(metrics))
        .isEqualTo(STEPS)
        .isEqualTo(lines(folder.resolve("undisturbed/metrics.jsonl")));
    requireSame("killed");
    assertThat(Files.readString(log("killed"))).contains("Resuming");
  }

  /** Ctrl-C, long before the next checkpoint is due: no step is lost. */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aRunStoppedByCtrlCGoesOnWhereItWas() throws Exception {
    prepare();
    assertThat(train("undisturbed").waitFor()).isZero();

    Process stopped = train("stopped", "train.checkpoint.every=1000 steps");
    Path metrics = folder.resolve("stopped/metrics.jsonl");
    while (stopped.isAlive() && lines(metrics) < 5) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(new ProcessBuilder("kill", "-INT", Long.toString(stopped.pid())).start().waitFor())
        .isZero();
    assertThat(stopped.waitFor()).isEqualTo(Command.STOPPED);
    int steps = lines(metrics);
    assertThat(steps).isBetween(5, STEPS - 1);
    assertThat(Files.readString(log("stopped")))
        .contains("Stopping after the round that is running")
        .endsWith("Stopped after step " + steps + " of 24; the same command goes on from there\n")
        .doesNotContain("\tat ");

    assertThat(train("stopped", "train.checkpoint.every=1000 steps").waitFor()).isZero();
    assertThat(lines(metrics)).isEqualTo(STEPS);
    assertThat(Files.readString(log("stopped"))).contains("Resuming");
    requireSame("stopped");
  }

  private void requireSame(String run) throws IOException {
    for (String name :
        List.of(
            "parameters.safetensors", "first-moment.safetensors", "second-moment.safetensors")) {
      assertThat(last(run, name)).hasSameBinaryContentAs(last("undisturbed", name));
    }
  }

  private void prepare() throws Exception {
    new DemoVideos(2, 3)
        .write(
            FileSystem.getLocal(new Configuration()),
            new org.apache.hadoop.fs.Path(folder.resolve("videos").toUri()),
            done -> {});
    try (JavaSparkContext sc = LocalSpark.start(2, SparkSettings.complete(new SparkConf()))) {
      PrepareJob.run(
          sc,
          PrepareConfig.read(
              StrictConfig.load(
                  "conf/tiny.conf",
                  "prepare.input=" + folder.resolve("videos"),
                  "prepare.output=" + folder.resolve("shards"),
                  "prepare.clips-per-video=1")));
    }
  }

  /**
   * 16 clips in steps of 6, 5 and 5: three steps an epoch, two workers, a checkpoint every four
   * steps.
   */
  private Process train(String run, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("os.name").equals("Linux")) {
      // a build in the background ignores Ctrl-C, and so would what it starts
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(System.getProperty("java.home") + "/bin/java");
    for (String option : System.getProperty("vivit.jvm.opens").trim().split("\\s+", -1)) {
      command.add(option);
    }
    command.addAll(
        List.of(
            "-Xmx1g",
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-cp",
            System.getProperty("java.class.path"),
            Train.class.getName(),
            "conf/tiny.conf",
            "train.shards=" + folder.resolve("shards"),
            "train.run=" + folder.resolve(run),
            "train.workers=2",
            "train.epochs=8",
            "train.batch-size=6",
            "train.averaging.every=1",
            "train.mixup=0.3",
            "train.drop-path=linear 0.0 to 0.3 from 0 steps until 20 steps",
            "train.learning-rate.warmup=1 epoch",
            "train.checkpoint.every=4 steps"));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(run).toFile()))
            .directory(new File("."))
            .start();
    started.add(process);
    return process;
  }

  private Path log(String run) {
    return folder.resolve(run + ".log");
  }

  private static int lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return (int) lines.count();
    }
  }

  private Path last(String run, String name) throws IOException {
    try (Stream<Path> checkpoints = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return checkpoints.max(Path::compareTo).orElseThrow().resolve(name);
    }
  }
}
