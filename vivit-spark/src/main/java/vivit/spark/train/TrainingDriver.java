package vivit.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.shard.Manifest;
import vivit.model.ModelDescription;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.config.Experiment;
import vivit.spark.config.TrainingSettings;
import vivit.spark.config.TrainingSettings.OnNonFinite;
import vivit.spark.schedule.Strength;
import vivit.spark.train.RoundPart.WorkerReport;

/**
 * Trains an experiment: plans, trains and averages one round after the other, logs it and writes
 * checkpoints, up to the last step.
 */
public final class TrainingDriver {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingDriver.class);
  private static final int RETRIES = 2;

  private final JavaSparkContext sc;
  private final Experiment experiment;
  private final TrainingSettings settings;
  private final Manifest shards;
  private final ViViTConfig model;
  private final int workers;
  private final RoundPlanner planner;

  /**
   * The result of a run.
   *
   * @param step number of updates done
   * @param totalSteps steps of the whole run
   * @param workers number of workers that trained
   * @param loss of the newest checkpoint: mean per clip since the previous one; NaN without a
   *     checkpoint
   * @param checkpoint the newest checkpoint; null if there is none
   * @param seconds of training in this execution of the program
   */
  public record TrainingReport(
      long step, long totalSteps, int workers, double loss, Path checkpoint, double seconds) {}

  /**
   * Creates a run on {@code workers} workers.
   *
   * @param shards the manifest of {@code experiment.training().shards()}
   */
  public TrainingDriver(JavaSparkContext sc, Experiment experiment, Manifest shards, int workers) {
    this.sc = sc;
    this.experiment = experiment;
    this.settings = experiment.training();
    this.shards = shards;
    this.model = experiment.model().withHeads(shards.heads());
    this.workers = workers;
    this.planner = new RoundPlanner(settings, Math.toIntExact(shards.clips()), workers);
  }

  /** Trains to the end, from the newest checkpoint of the run folder if there is one. */
  public TrainingReport run() throws IOException {
    return run(Long.MAX_VALUE);
  }

  /**
   * Trains up to the end of the round that reaches {@code lastStep}, without an extra checkpoint
   * there.
   */
  TrainingReport run(long lastStep) throws IOException {
    long began = System.nanoTime();
    try (RunFolder folder = RunFolder.open(new Path(settings.run()), sc.hadoopConfiguration())) {
      Optional<Checkpoint> newest = folder.resume(experiment.effective(), shards, workers);
      folder.writeConfig(experiment.effective().text());
      long step = newest.map(checkpoint -> checkpoint.state().step()).orElse(0L);
      try (TrainingRounds rounds = rounds(newest, folder);
          RoundLog log = RoundLog.open(folder, settings, planner, step)) {
        while (step < Math.min(lastStep, planner.totalSteps())) {
          long roundBegan = System.nanoTime();
          long next = planner.end(step);
          List<WorkerReport> reports = rounds.train(planner.round(step), retries());
          rounds.updateMovingAverage(averageKept(step, next));
          log.add(next, reports, seconds(roundBegan));
          if (checkpointDue(step, next)) {
            folder.ensureHeld();
            newest = Optional.of(write(folder, next, log.takeMeanLoss(), rounds));
          }
          step = next;
        }
      }
      return new TrainingReport(
          step,
          planner.totalSteps(),
          workers,
          newest.map(checkpoint -> checkpoint.state().loss()).orElse(Double.NaN),
          newest.map(Checkpoint::folder).orElse(null),
          seconds(began));
    }
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private int retries() {
    return settings.reporting().onNonFinite() == OnNonFinite.RETRY ? RETRIES : 0;
  }

  /** Share of the moving average that is kept over the steps of a round. */
  private double averageKept(long from, long to) {
    double kept = 1;
    for (long step = from; step < to; step++) {
      kept *= settings.values(step, planner.stepsPerEpoch()).of(Strength.EMA_DECAY);
    }
    return kept;
  }

  private boolean checkpointDue(long before, long after) {
    double every = Math.max(1, settings.checkpoints().every().steps(planner.stepsPerEpoch()));
    return after >= planner.totalSteps() || Math.floor(after / every) > Math.floor(before / every);
  }

  private TrainingRounds rounds(Optional<Checkpoint> resumed, RunFolder folder) throws IOException {
    int sliceLength = WeightedAverage.sliceLength(ParameterIndex.of(model).length(), workers);
    Checkpoint.Vectors vectors =
        resumed.isPresent() ? resumed.get().vectors(sliceLength) : newVectors(sliceLength, folder);
    LOG.info(
        "Training {} parameters on {} clips, {} workers, {} steps of {} clips per epoch, {} epochs",
        vectors.parameters().length(),
        shards.clips(),
        workers,
        planner.stepsPerEpoch(),
        settings.batchSize(),
        settings.epochs());
    RunSetup setup = RunSetup.of(settings, model, shards.heads(), sc.hadoopConfiguration());
    return new TrainingRounds(sc, setup, vectors);
  }

  private Checkpoint.Vectors newVectors(int sliceLength, RunFolder folder) throws IOException {
    SlicedVector parameters = StartingParameters.draw(model, settings.seed(), sliceLength);
    StartingParameters.restore(
        experiment, model, shards.heads(), parameters, folder, sc.hadoopConfiguration());
    return new Checkpoint.Vectors(
        parameters,
        new SlicedVector(parameters.length(), sliceLength),
        settings.averages() ? Optional.of(parameters.copy()) : Optional.empty());
  }

  private Checkpoint write(RunFolder folder, long step, double loss, TrainingRounds rounds)
      throws IOException {
    CheckpointState state =
        new CheckpointState(
            CheckpointState.FORMAT_VERSION,
            step,
            step / planner.stepsPerEpoch(),
            step % planner.stepsPerEpoch(),
            planner.stepsPerEpoch(),
            planner.totalSteps(),
            settings.seed(),
            workers,
            loss,
            ModelDescription.of(model),
            shards.labels(),
            shards.labelsHash(),
            shards.hash(),
            shards.clip(),
            experiment.effective().text(),
            Map.of());
    Checkpoint written = folder.checkpoints().write(state, rounds.vectors());
    folder.checkpoints().prune(settings.checkpoints().keep(), settings.checkpoints().keepBest());
    return written;
  }
}
