package vivit.spark.evaluate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.label.LabelDifferences;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.spark.evaluate.Evaluation.EvaluationReport;
import vivit.spark.evaluate.Scoring.ClipBatching;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.executor.SlicedBroadcast;

/**
 * Scores every stored clip and crop once and averages the logits per video (docs/vivit.md, 7.2:
 * multi-view testing, averaged before the softmax). Clips are neither padded nor repeated, and
 * results are equal to the bit on any partitioning.
 *
 * @param spark runs the scoring
 * @param settings checkpoint, shard set and crops
 */
public record MultiViewEvaluator(JavaSparkContext spark, EvaluationSettings settings) {
  private static final Logger LOG = LoggerFactory.getLogger(MultiViewEvaluator.class);
  private static final int SLICE_LENGTH = 1 << 24;

  /**
   * Evaluates the run on the shard set of the settings.
   *
   * @throws IOException if the classes differ, the shards are for training, or a file is damaged
   */
  public Evaluation evaluate() throws IOException {
    ShardSet shards = ShardSet.open(new Path(settings.shards()), spark.hadoopConfiguration());
    return evaluate(shards, OptionalInt.empty());
  }

  /** Evaluates with a given number of partitions, which affects only the speed. */
  Evaluation evaluate(ShardSet shards, int partitions) throws IOException {
    return evaluate(shards, OptionalInt.of(partitions));
  }

  private Evaluation evaluate(ShardSet shards, OptionalInt partitions) throws IOException {
    Manifest manifest = shards.manifest();
    Checkpoint model = CheckpointStore.open(spark.hadoopConfiguration(), new Path(settings.run()));
    requireSuitable(manifest, model);
    LOG.info(
        "Evaluating {} on {}: {} videos, {} clips, {} crops, {} classes",
        model.folder(),
        shards.folder(),
        manifest.videos(),
        shards.clips(),
        settings.crops(),
        manifest.heads().classes());
    List<VideoScore> scores = score(shards, model, partitions);
    EvaluationMetrics metrics = EvaluationMetrics.of(model.state().heads(), scores);
    if (metrics.views() != shards.clips() * settings.crops()) {
      throw new IllegalStateException(
          "scored %d views of %s, expected %d clips x %d crops"
              .formatted(metrics.views(), shards.folder(), shards.clips(), settings.crops()));
    }
    EvaluationReport report =
        new EvaluationReport(
            model.folder().toString(),
            model.state().step(),
            shards.folder().toString(),
            manifest.hash(),
            manifest.labelsHash(),
            shards.clips(),
            settings.crops(),
            metrics);
    return new Evaluation(report, scores);
  }

  private void requireSuitable(Manifest manifest, Checkpoint model) throws IOException {
    if (manifest.purpose() != Purpose.EVALUATION) {
      throw new IOException(
          "Cannot evaluate on %s: its clips were cut for training at random positions; prepare it with purpose evaluation"
              .formatted(settings.shards()));
    }
    LabelHeads prepared = manifest.heads();
    LabelHeads trained = model.state().heads();
    List<String> differences = LabelDifferences.between(prepared, trained);
    if (!differences.isEmpty() || !manifest.labelsHash().equals(model.state().labelsHash())) {
      throw new IOException(
          "Cannot evaluate %s on %s: label map %s (%d classes), expected %s (%d classes); %s; prepare the shards with the label map that the checkpoint was trained with"
              .formatted(
                  model.folder(),
                  settings.shards(),
                  brief(manifest.labelsHash()),
                  prepared.classes(),
                  brief(model.state().labelsHash()),
                  trained.classes(),
                  differences.isEmpty()
                      ? "the names are the same, so one of the two hashes is damaged"
                      : String.join("; ", differences)));
    }
  }

  private static String brief(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }

  private List<VideoScore> score(ShardSet shards, Checkpoint model, OptionalInt partitions)
      throws IOException {
    SlicedBroadcast parameters = SlicedBroadcast.of(spark, model.evaluated(SLICE_LENGTH));
    int perBatch = Scoring.clipsPerBatch(settings.batchSize(), settings.crops());
    Scoring scoring =
        new Scoring(
            UUID.randomUUID().toString(),
            model.state().model(),
            parameters::copyTo,
            shards.folder().toString(),
            new SerializableConfiguration(spark.hadoopConfiguration()),
            ClipBatching.all(shards.clips(), perBatch),
            settings.crops());
    LongAccumulator scored = spark.sc().longAccumulator("clips scored");
    ConsoleProgress.Repeated progress =
        ConsoleProgress.of(LOG)
            .repeat(
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                () -> "scored %d of %d clips".formatted(scored.value(), shards.clips()));
    try {
      return scoring.run(spark, scored, partitions.orElse(scoring.partitions(spark)));
    } finally {
      progress.close();
      parameters.destroy();
      ReplicaPool.end(scoring.name());
    }
  }
}
