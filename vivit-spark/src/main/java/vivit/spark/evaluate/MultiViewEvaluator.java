package vivit.spark.evaluate;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.ShardSet;
import vivit.model.ModelDescription;
import vivit.spark.model.LoadedModel;

/**
 * Scores every stored clip and crop once and averages the logits per video (reference: multi-view
 * testing, averaged before the softmax). No padding, no repetition, and the same bits on any
 * partitioning.
 *
 * @param spark runs the scoring
 * @param settings what to evaluate and how
 */
public record MultiViewEvaluator(JavaSparkContext spark, EvaluationSettings settings) {
  private static final Logger LOG = LoggerFactory.getLogger(MultiViewEvaluator.class);
  private static final int SLICE_LENGTH = 1 << 24;
  private static final int BATCHES_PER_TASK = 4;

  /**
   * Evaluates the settings' run on their shard set.
   *
   * @throws IllegalArgumentException if the label maps differ or the shards are for training
   */
  public Evaluation evaluate() throws IOException {
    ShardSet shards = ShardSet.open(new Path(settings.shards()), spark.hadoopConfiguration());
    int batches = batches(shards.clips());
    int parallelism = Math.max(1, spark.defaultParallelism());
    int wanted = Math.max(parallelism, (batches + BATCHES_PER_TASK - 1) / BATCHES_PER_TASK);
    return evaluate(shards, Math.max(1, Math.min(batches, wanted)));
  }

  /** Evaluates with a given number of partitions, which changes nothing but the speed. */
  Evaluation evaluate(ShardSet shards, int partitions) throws IOException {
    Manifest manifest = shards.manifest();
    LoadedModel model = LoadedModel.read(spark.hadoopConfiguration(), new Path(settings.run()));
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
    EvaluationMetrics metrics = EvaluationMetrics.of(model.heads(), scores);
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

  private void requireSuitable(Manifest manifest, LoadedModel model) {
    if (manifest.purpose() != Purpose.EVALUATION) {
      throw new IllegalArgumentException(
          "Cannot evaluate on %s: its clips were cut for training at random positions; prepare it with purpose evaluation"
              .formatted(settings.shards()));
    }
    LabelMaps.requireSame(settings.shards(), manifest, model);
  }

  private List<VideoScore> score(ShardSet shards, LoadedModel model, int partitions) {
    String key = UUID.randomUUID().toString();
    List<Broadcast<float[]>> slices = broadcast(model.parameters());
    ScoringSetup setup =
        new ScoringSetup(
            key,
            ModelDescription.of(model.config()),
            slices,
            SLICE_LENGTH,
            shards.folder().toString(),
            new SerializableConfiguration(spark.hadoopConfiguration()),
            settings.crops(),
            settings.clipsPerBatch());
    LongAccumulator scored = spark.sc().longAccumulator("clips scored");
    List<Integer> batches = IntStream.range(0, batches(shards.clips())).boxed().toList();
    ConsoleProgress.Repeated progress =
        ConsoleProgress.of(LOG)
            .repeat(
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                () -> "scored %d of %d clips".formatted(scored.value(), shards.clips()));
    try {
      List<VideoScore> scores =
          spark
              .parallelize(batches, partitions)
              .mapPartitionsToPair(new ScoringTask(setup, scored))
              .groupByKey(partitions)
              .mapValues(MultiViewEvaluator::average)
              .values()
              .collect();
      List<VideoScore> sorted = new ArrayList<>(scores);
      sorted.sort(Comparator.comparing(VideoScore::video));
      return sorted;
    } finally {
      progress.close();
      slices.forEach(Broadcast::destroy);
      ScorerPool.end(key);
    }
  }

  private static VideoScore average(Iterable<ViewLogits> views) {
    List<ViewLogits> list = new ArrayList<>();
    views.forEach(list::add);
    return VideoScore.average(list);
  }

  private List<Broadcast<float[]>> broadcast(float[] parameters) {
    List<Broadcast<float[]>> slices = new ArrayList<>();
    for (int from = 0; from < parameters.length; from += SLICE_LENGTH) {
      int to = Math.min(parameters.length, from + SLICE_LENGTH);
      slices.add(spark.broadcast(Arrays.copyOfRange(parameters, from, to)));
    }
    return List.copyOf(slices);
  }

  private int batches(long clips) {
    int perBatch = settings.clipsPerBatch();
    return Math.toIntExact((clips + perBatch - 1) / perBatch);
  }
}
