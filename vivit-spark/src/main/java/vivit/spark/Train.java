package vivit.spark;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.StopRequest;
import vivit.dataprep.config.StoppedException;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.job.SparkCommand;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.config.Experiment;
import vivit.spark.input.Mirroring;
import vivit.spark.input.Mirroring.FlipDirection;
import vivit.spark.schedule.Strength;
import vivit.spark.train.TrainingDriver;
import vivit.spark.train.TrainingDriver.TrainingReport;
import vivit.spark.train.ValidationChecks;

/** Trains a ViViT on a shard set; resumes an existing run folder. */
public final class Train {
  private static final Logger LOG = LoggerFactory.getLogger(Train.class);

  private static final Command OUTSIDE =
      new Command(
          """
vivit train [config] [key=value ...] [--find-rate [--steps N] [--out DIR]]

Trains a ViViT on a shard set, in rounds that are averaged. Writes checkpoints and
metrics.jsonl into the run folder; an existing run resumes from its newest checkpoint.

  --find-rate   trains a few steps with rising rates instead, without a run folder, and
                suggests a base rate; writes rates.csv and rates.svg
  --steps N     of --find-rate; default 300
  --out DIR     of --find-rate; default: rates-1, rates-2, ... under the working directory
""",
          List.of("seed", "model", "initialise", "train"),
          "nothing was trained since the newest checkpoint, if there is one; the same command goes on");

  private static final SparkCommand COMMAND =
      new SparkCommand("vivit train", OUTSIDE, SparkSettings::complete);

  private static final String RESUME = "--resume";
  private static final int CANCEL_MILLIS = 200;

  private Train() {}

  /** {@code [config] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, Train::train);
  }

  private static SparkCommand.SparkBody train(String... args) {
    if (Stream.of(args).anyMatch(RESUME::equals)) {
      throw new UsageException(
          "found --resume, but train resumes by itself: with the train.run of an interrupted run it"
              + " goes on from the newest checkpoint; leave --resume out");
    }
    if (Stream.of(args).anyMatch(FindRate::isMeant)) {
      return FindRate.read(args);
    }
    StrictConfig config = StrictConfig.load(args);
    experiment(config);
    return sc ->
        train(
            sc, config, StopRequest.ofInterrupts(Train::sayStopping).orTerminations(() -> end(sc)));
  }

  /** Cancels whatever runs, until the program has ended. */
  private static void end(JavaSparkContext sc) {
    LOG.info("Ending at once, with a checkpoint of the last round");
    while (SparkCommand.cancel(sc)) {
      try {
        TimeUnit.MILLISECONDS.sleep(CANCEL_MILLIS);
      } catch (InterruptedException none) { // nobody interrupts this thread
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void sayStopping() {
    LOG.info(
        "Stopping after the round that is running, with a checkpoint; another Ctrl-C stops at once"
            + " and loses what came after the last checkpoint");
  }

  private static void train(JavaSparkContext sc, StrictConfig config, StopRequest stop)
      throws IOException {
    TrainingReport report;
    try {
      report = run(sc, config, stop, stop::isUrgent);
    } catch (Exception failed) { // Spark throws checked exceptions that it does not declare
      if (!stop.isUrgent()) {
        throw failed;
      }
      LOG.debug("The command was ended", failed);
      throw new StoppedException("Stopped train: " + OUTSIDE.resumption(), Command.TERMINATED);
    }
    if (stop.getAsBoolean() && !(report.over() && report.kept())) {
      throw new StoppedException(
          "Stopped after step %d of %d; the same command goes on from %s"
              .formatted(report.step(), report.totalSteps(), start(report)),
          stop.isUrgent() ? Command.TERMINATED : Command.STOPPED);
    }
  }

  /** Where a run that was stopped goes on: after its last round, unless that could not be kept. */
  private static String start(TrainingReport report) {
    if (report.checkpoint() == null) {
      return "the beginning, as there is no checkpoint yet";
    }
    return report.kept() ? "there" : report.checkpoint().toString();
  }

  /** Says how mirroring treats classes that say left or right, if there are any. */
  private static void warnOfDirections(Experiment experiment, Manifest shards) {
    FlipDirection direction = experiment.training().augmentation().flipDirection();
    String summary = new Mirroring(direction, shards.heads()).summary();
    if (experiment.training().schedule(Strength.FLIP).max() == 0 || summary.isEmpty()) {
      return;
    }
    if (direction == FlipDirection.MIRROR) {
      LOG.warn("{}", summary);
    } else {
      LOG.info("{}", summary);
    }
  }

  private static Experiment experiment(StrictConfig config) {
    Experiment experiment = Experiment.read(config);
    config.require("train.shards", "train.run");
    config.check();
    return experiment;
  }

  /**
   * Trains to the end of the run.
   *
   * @throws ConfigException before any job, if the configuration contradicts itself or the shards
   * @throws vivit.dataprep.shard.CorruptShardException if a clip is damaged; when started again,
   *     the run resumes from its last checkpoint
   */
  public static TrainingReport run(JavaSparkContext sc, StrictConfig config) throws IOException {
    return run(sc, config, () -> false, () -> false);
  }

  private static TrainingReport run(
      JavaSparkContext sc, StrictConfig config, BooleanSupplier stop, BooleanSupplier ending)
      throws IOException {
    Experiment experiment = experiment(config);
    ShardSet shards =
        ShardSet.open(new Path(experiment.training().shards()), sc.hadoopConfiguration());
    experiment.checkAgainst(shards.manifest(), config);
    Path folder = new Path(experiment.training().run());
    if (!CheckpointStore.isBegun(sc.hadoopConfiguration(), folder)) { // it goes on as it began
      experiment.checkSchedules(shards.manifest(), config);
    }
    ValidationChecks.check(experiment, shards.manifest(), config, sc.hadoopConfiguration());
    ShardSet.checkOutput(config.section("train"), "run", sc.hadoopConfiguration());
    config.check();
    LOG.info(
        "Configuration, where it differs from the defaults:\n{}",
        experiment.changes().stripTrailing());
    warnOfDirections(experiment, shards.manifest());
    TrainingDriver driver = new TrainingDriver(sc, experiment, shards.manifest());
    TrainingReport report =
        FailedJob.unwrapped(
            () -> {
              ValidationChecks.warnOfSharedVideos(sc, experiment, shards);
              return driver.run(stop, ending);
            });
    LOG.info(
        "Trained {} of {} steps in {} s, loss {}{}: {}",
        report.step(),
        report.totalSteps(),
        String.format("%.1f", report.seconds()),
        String.format("%.4f", report.loss()),
        report.validation(),
        report.checkpoint());
    return report;
  }
}
