package vivit.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
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
import vivit.spark.config.InitialisationSettings;
import vivit.spark.config.TrainingSettings;
import vivit.spark.config.TrainingSettings.OnNonFinite;
import vivit.spark.input.Mirroring;
import vivit.spark.schedule.Strength;
import vivit.spark.train.RoundPart.WorkerReport;

/** Trains an experiment: schedule, round, average, log, checkpoint, until the last step. */
public final class TrainingDriver {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingDriver.class);
  private static final int RETRIES = 2;

  private final JavaSparkContext sc;
  private final TrainingSettings settings;
  private final String effective;
  private final InitialisationSettings initialisation;
  private final Manifest shards;
  private final ViViTConfig model;
  private final int workers;
  private final RoundPlanner planner;

  /**
   * A run on {@code workers} workers.
   *
   * @param shards the manifest of {@code experiment.training().shards()}
   */
  public TrainingDriver(JavaSparkContext sc, Experiment experiment, Manifest shards, int workers) {
    this.sc = sc;
    this.settings = experiment.training();
    this.effective = experiment.effective();
    this.initialisation = experiment.initialisation();
    this.shards = shards;
    this.model = experiment.model().withHeads(shards.heads());
    this.workers = workers;
    this.planner = new RoundPlanner(settings, Math.toIntExact(shards.clips()), workers);
  }

  /** Trains to the end, from the newest checkpoint of the run folder if there is one. */
  public TrainingReport run() throws IOException {
    return run(Long.MAX_VALUE);
  }

  /** Trains until at least {@code lastStep}; a run cut short so writes no checkpoint at its end. */
  TrainingReport run(long lastStep) throws IOException {
    long began = System.nanoTime();
    try (RunFolder folder = RunFolder.open(new Path(settings.run()), sc.hadoopConfiguration())) {
      Optional<Checkpoint> newest = folder.resume(effective, shards, workers);
      folder.writeConfig(effective);
      long step = newest.map(checkpoint -> checkpoint.state().step()).orElse(0L);
      MeanLoss loss = new MeanLoss();
      try (PlannedRounds rounds = rounds(newest, folder);
          RoundLog log = RoundLog.open(folder, settings, planner, step)) {
        while (step < Math.min(lastStep, planner.totalSteps())) {
          long roundBegan = System.nanoTime();
          List<WorkerReport> reports = train(rounds, planner.round(step));
          long next = planner.end(step);
          rounds.average(averageKept(step, next));
          loss.add(log.add(next, reports, seconds(roundBegan)));
          if (checkpointDue(step, next)) {
            folder.ensureHeld();
            newest = Optional.of(write(folder, next, loss.take(), rounds));
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

  /** Share of the moving average that the steps of a round keep. */
  private double averageKept(long from, long to) {
    double kept = 1;
    for (long step = from; step < to; step++) {
      kept *= settings.values(step, planner.stepsPerEpoch()).of(Strength.EMA_DECAY);
    }
    return kept;
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private PlannedRounds rounds(Optional<Checkpoint> resumed, RunFolder folder) throws IOException {
    ModelDescription description = ModelDescription.of(model);
    SlicedVector parameters;
    SlicedVector momentum;
    Optional<SlicedVector> average = Optional.empty();
    if (resumed.isPresent()) {
      int sliceLength = Slicing.length(resumed.get().parameterCount(), workers);
      parameters = resumed.get().parameters(sliceLength);
      momentum = resumed.get().momentum(sliceLength);
      average = resumed.get().average(sliceLength);
    } else {
      int sliceLength = Slicing.length(ParameterIndex.of(model).length(), workers);
      parameters = StartingParameters.draw(model, settings.seed(), sliceLength);
      StartingParameters.restore(
          initialisation, model, shards.heads(), parameters, folder, sc.hadoopConfiguration());
      momentum = new SlicedVector(parameters.length(), sliceLength);
      if (settings.averages()) {
        average = Optional.of(parameters.copy());
      }
    }
    LOG.info(
        "Training {} parameters on {} clips, {} workers, {} steps of {} clips per epoch, {} epochs",
        parameters.length(),
        shards.clips(),
        workers,
        planner.stepsPerEpoch(),
        settings.batchSize(),
        settings.epochs());
    return new PlannedRounds(
        sc,
        new RunSetup(
            UUID.randomUUID().toString(),
            description,
            UpdateRules.of(settings, model),
            settings.shards(),
            new SerializableConfiguration(sc.hadoopConfiguration()),
            settings.seed(),
            settings.augmentation(),
            new Mirroring(settings.augmentation().flipDirection(), shards.heads()),
            settings.reporting().ledger()),
        parameters,
        momentum,
        average);
  }

  private List<WorkerReport> train(PlannedRounds rounds, List<RoundWork> work) {
    int retries = settings.reporting().onNonFinite() == OnNonFinite.RETRY ? RETRIES : 0;
    for (int attempt = 0; ; attempt++) {
      List<WorkerReport> reports = rounds.train(work);
      String problem = NonFiniteException.describe(reports);
      if (problem.isEmpty()) {
        return reports;
      }
      if (attempt >= retries) {
        throw new NonFiniteException(
            "Training stopped, nothing of this round was kept: "
                + problem
                + ". Lower train.learning-rate.base, limit train.max-gradient-norm, or look at"
                + " these clips; then start train again to go on from the last checkpoint");
      }
      LOG.warn("Round tried again ({} of {}): {}", attempt + 1, retries, problem);
    }
  }

  private boolean checkpointDue(long before, long after) {
    double every = Math.max(1, settings.checkpoints().every().steps(planner.stepsPerEpoch()));
    return after >= planner.totalSteps() || Math.floor(after / every) > Math.floor(before / every);
  }

  private Checkpoint write(RunFolder folder, long step, double loss, PlannedRounds rounds)
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
            effective,
            Map.of());
    Checkpoint written = folder.checkpoints().write(state, rounds.vectors());
    folder.checkpoints().prune(settings.checkpoints().keep(), settings.checkpoints().keepBest());
    return written;
  }
}
