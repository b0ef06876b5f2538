package vivit.spark;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Command;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.job.SparkCommand;
import vivit.dataprep.shard.ShardSet;
import vivit.spark.evaluate.Evaluation;
import vivit.spark.evaluate.EvaluationMetrics;
import vivit.spark.evaluate.EvaluationSettings;
import vivit.spark.evaluate.MultiViewEvaluator;

/** Evaluates a checkpoint on all views of every video of a shard set. */
public final class Evaluate {
  private static final Logger LOG = LoggerFactory.getLogger(Evaluate.class);

  private static final Command OUTSIDE =
      new Command(
          """
          vivit evaluate [config] [key=value ...]

          Evaluates a checkpoint on a shard set prepared for evaluation: all views of every
          video, with averaged logits. Writes metrics.json and predictions.parquet.
          """,
          List.of("evaluate"));

  private static final SparkCommand COMMAND =
      new SparkCommand("vivit evaluate", OUTSIDE, SparkSettings::complete);

  private Evaluate() {}

  /** {@code [config] key=value ...} */
  public static void main(String[] args) {
    COMMAND.main(args, Evaluate::evaluate);
  }

  private static SparkCommand.SparkBody evaluate(String... args) {
    StrictConfig config = StrictConfig.load(args);
    settings(config);
    return sc -> {
      String mistakes = run(sc, config).mistakes();
      if (!mistakes.isEmpty()) {
        Command.print(mistakes);
      }
    };
  }

  private static EvaluationSettings settings(StrictConfig config) {
    EvaluationSettings settings = EvaluationSettings.read(config.section("evaluate"));
    config.require("evaluate.shards", "evaluate.run");
    config.check();
    return settings;
  }

  /**
   * Evaluates and writes {@code metrics.json} and {@code predictions.parquet}.
   *
   * @throws ConfigException before any job, if the configuration contradicts itself
   * @throws vivit.dataprep.shard.CorruptShardException if a clip is damaged
   */
  public static Evaluation run(JavaSparkContext sc, StrictConfig config) throws IOException {
    EvaluationSettings settings = settings(config);
    ShardSet.checkOutput(config.section("evaluate"), "output", sc.hadoopConfiguration());
    config.check();
    MultiViewEvaluator evaluator = new MultiViewEvaluator(sc, settings);
    Evaluation evaluation =
        FailedJob.unwrapped(evaluator::evaluate).hiding(config.effective("evaluate"));
    evaluation.write(new Path(settings.output()), sc.hadoopConfiguration());
    EvaluationMetrics metrics = evaluation.report().metrics();
    LOG.info(
        "Evaluated step {} on {} videos, {} views: {}: {}",
        evaluation.report().step(),
        metrics.videos(),
        metrics.views(),
        metrics.summary(),
        settings.output());
    return evaluation;
  }

  static String percent(double share) {
    return String.format("%.1f %%", 100 * share);
  }
}
