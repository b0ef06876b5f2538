package vivit.bench.smalldata;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.model.describe.ModelSummary;
import vivit.spark.config.Experiment;
import vivit.spark.config.TrainingSettings;
import vivit.spark.evaluate.EvaluationMetrics;
import vivit.spark.evaluate.EvaluationSettings;
import vivit.spark.evaluate.MultiViewEvaluator;
import vivit.spark.train.TrainingDriver;
import vivit.spark.train.TrainingDriver.TrainingReport;

/**
 * Trains and evaluates a planned run.
 *
 * @param run what is to be done
 * @param set its videos
 * @param runs folder of all runs
 */
record ExperimentRun(PlannedRun run, VideoSet set, Path runs) {

  /** Folder of a run. */
  static Path folder(Path runs, PlannedRun run) {
    return runs.resolve(run.key());
  }

  private StrictConfig config() {
    String folder = folder(runs, run).toString();
    String from = run.start().map(start -> folder(runs, start).toString()).orElse("");
    return run.config(
        "train.shards=" + set.shards("train"),
        "train.run=" + folder,
        "initialise.from=" + from,
        "evaluate.shards=" + set.shards("test"),
        "evaluate.run=" + folder);
  }

  /**
   * Reads the run's configuration.
   *
   * @throws vivit.dataprep.config.ConfigException if the videos do not suit it
   */
  Experiment check(JavaSparkContext sc) throws IOException {
    StrictConfig config = config();
    Experiment experiment = Experiment.read(config);
    experiment.checkAgainst(manifest(sc), config);
    config.check();
    return experiment;
  }

  private Manifest manifest(JavaSparkContext sc) throws IOException {
    return ShardSet.open(
            new org.apache.hadoop.fs.Path(set.shards("train")), sc.hadoopConfiguration())
        .manifest();
  }

  /** Trains from the beginning, even if something is left of an earlier attempt, and evaluates. */
  RunResult result(JavaSparkContext sc) throws IOException {
    long began = System.nanoTime();
    Path folder = folder(runs, run);
    FileUtil.fullyDelete(folder.toFile());
    Experiment experiment = check(sc);
    TrainingDriver driver = new TrainingDriver(sc, experiment, manifest(sc));
    TrainingReport training = FailedJob.unwrapped(driver::run);
    EvaluationSettings settings = EvaluationSettings.read(config().section("evaluate"));
    MultiViewEvaluator evaluator = new MultiViewEvaluator(sc, settings);
    EvaluationMetrics metrics = FailedJob.unwrapped(evaluator::evaluate).report().metrics();
    ModelSummary model = ModelSummary.of(driver.model());
    TrainingSettings trained = experiment.training();
    return new RunResult(
        run.key(),
        run.setting().name(),
        run.seed(),
        metrics.figures().get("top1"),
        metrics.loss(),
        training.loss(),
        training.step(),
        model.parameters(),
        model.forward(),
        training.seconds(),
        (System.nanoTime() - began) / 1e9,
        bytesPerStep(
            RoundBytes.of(model.parameters(), training.workers(), trained),
            Files.readAllLines(folder.resolve("metrics.jsonl")),
            trained,
            training.totalSteps() / trained.epochs()));
  }

  /**
   * Mean bytes of a step.
   *
   * @param rounds lines of {@code metrics.jsonl}, one a round
   */
  static double bytesPerStep(
      RoundBytes bytes, List<String> rounds, TrainingSettings settings, long stepsPerEpoch)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    double sum = 0;
    long step = 0;
    for (String round : rounds) {
      boolean single = settings.roundSteps(step, stepsPerEpoch) == 1;
      sum += single ? bytes.gradients() : bytes.vectors();
      step = json.readTree(round).get("step").asLong();
    }
    return sum / step;
  }
}
