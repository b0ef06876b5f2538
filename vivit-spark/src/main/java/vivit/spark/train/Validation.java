package vivit.spark.train;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.shard.ShardSet;
import vivit.model.ModelDescription;
import vivit.spark.checkpoint.CheckpointState.BestValidation;
import vivit.spark.config.TrainingSettings;
import vivit.spark.config.ValidationSettings;
import vivit.spark.evaluate.ClipListing;
import vivit.spark.evaluate.EvaluationMetrics;
import vivit.spark.evaluate.Scoring;
import vivit.spark.evaluate.Scoring.ClipBatching;
import vivit.spark.evaluate.VideoScore;
import vivit.spark.executor.ReplicaPool;

/**
 * Validates a run between its rounds, as {@code evaluate} would evaluate a checkpoint of that step,
 * and remembers the best.
 */
final class Validation {
  private static final Logger LOG = LoggerFactory.getLogger(Validation.class);

  /** Before the names of the figures in the metrics. */
  static final String PREFIX = "validation_";

  private final JavaSparkContext sc;
  private final ValidationSettings settings;
  private final ShardSet shards;
  private final ClipBatching clips;
  private final ModelDescription model;
  private final String vector;
  private final String metric;
  private Optional<BestValidation> best = Optional.empty();

  /**
   * Opens the shards.
   *
   * @param vector that is validated
   */
  private Validation(
      JavaSparkContext sc, ValidationSettings settings, ModelDescription model, String vector)
      throws IOException {
    this.sc = sc;
    this.settings = settings;
    this.model = model;
    this.vector = vector;
    this.shards = ShardSet.open(new Path(settings.shards()), sc.hadoopConfiguration());
    this.metric =
        settings.metric().orElseGet(() -> EvaluationMetrics.main(shards.manifest().heads()));
    int perBatch = Scoring.clipsPerBatch(settings.batchSize(), settings.crops());
    this.clips =
        settings.views().isPresent()
            ? ClipBatching.of(ClipListing.spread(sc, shards, settings.views().getAsInt()), perBatch)
            : ClipBatching.all(shards.clips(), perBatch);
  }

  /** The validation of a run with these settings; empty if it has none. */
  static Optional<Validation> of(
      JavaSparkContext sc, TrainingSettings settings, ModelDescription model) throws IOException {
    if (!settings.validation().isOn()) {
      return Optional.empty();
    }
    String vector = settings.averages() ? RoundOrder.AVERAGE : RoundOrder.PARAMETERS;
    return Optional.of(new Validation(sc, settings.validation(), model, vector));
  }

  /** The best so far; empty before the first validation. */
  Optional<BestValidation> best() {
    return best;
  }

  /**
   * Goes on from what a checkpoint has stored, unless other figures were compared then.
   *
   * @param before null if the run was not validated
   */
  void resume(BestValidation before) {
    best = Optional.empty();
    if (before != null) {
      BestValidation same = found(before.value(), before.step(), before.since());
      if (same.equals(before)) {
        best = Optional.of(before);
      } else {
        LOG.warn(
            "The best validation so far, {} at step {}, is not compared with those to come: metric,"
                + " shards, views or crops of train.validate have changed",
            text(before),
            before.step());
      }
    }
  }

  /** Whether training should stop, since nothing gets better any more. */
  boolean isOver() {
    return settings.patience() > 0
        && best.filter(found -> found.since() >= settings.patience()).isPresent();
  }

  /** Whether the validation after this step was the best. */
  boolean isBest(long step) {
    return best.filter(found -> found.step() == step).isPresent();
  }

  /**
   * Validates after a round from one step to another, if that is due or ends the run; returns the
   * figures and the seconds, as the metrics name them.
   */
  Map<String, Double> after(
      long before, long step, TrainingRounds rounds, RoundPlanner planner, RoundLog log)
      throws IOException {
    if (step < planner.totalSteps() && !settings.isDue(before, step, planner.stepsPerEpoch())) {
      return Map.of();
    }
    Map<String, Double> figures = validate(rounds, step);
    log.validated(metric, figures.get(PREFIX + metric));
    return figures;
  }

  private Map<String, Double> validate(TrainingRounds rounds, long step) throws IOException {
    long began = System.nanoTime();
    EvaluationMetrics metrics =
        EvaluationMetrics.of(shards.manifest().heads(), rounds.insist(() -> score(rounds, step)));
    Map<String, Double> figures = metrics.figures();
    Double value = figures.get(metric);
    if (value == null) {
      throw new Refusal(
          "found no %s among the figures of %s, %s; set train.validate.metric to one of them"
              .formatted(metric, shards.folder(), figures.keySet()));
    }
    boolean better = best.isEmpty() || isBetter(value, best.get().value());
    best =
        Optional.of(
            better
                ? found(value, step, 0)
                : found(best.get().value(), best.get().step(), best.get().since() + 1));
    LOG.info(
        "Validated step {} on {} videos, {} views: {}; {}",
        step,
        metrics.videos(),
        metrics.views(),
        metrics.summary(),
        better ? "the best so far" : "the best is step " + best.get().step());
    Map<String, Double> named = new LinkedHashMap<>();
    figures.forEach((name, figure) -> named.put(PREFIX + name, figure));
    named.put("seconds_validation", (System.nanoTime() - began) / 1e9);
    return named;
  }

  private boolean isBetter(double value, double than) {
    return EvaluationMetrics.isLoss(metric) ? value < than : value > than;
  }

  private BestValidation found(double value, long step, int since) {
    return new BestValidation(
        metric,
        shards.manifest().hash(),
        settings.views().orElse(0),
        settings.crops(),
        value,
        step,
        since);
  }

  private List<VideoScore> score(TrainingRounds rounds, long step) {
    sc.setJobDescription("Validate step " + step);
    Scoring scoring =
        new Scoring(
            UUID.randomUUID().toString(),
            model,
            new VersionParameters(rounds.slicing(), rounds.state(), vector),
            shards.folder().toString(),
            new SerializableConfiguration(sc.hadoopConfiguration()),
            clips,
            settings.crops());
    try {
      return scoring.run(sc);
    } finally {
      ReplicaPool.end(scoring.name());
    }
  }

  /** A figure with its name, such as {@code top1 0.8712}. */
  static String text(BestValidation found) {
    return String.format(Locale.ROOT, "%s %.4f", found.metric(), found.value());
  }
}
