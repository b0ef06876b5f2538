package vivit.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.shard.Manifest;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.ViViTGraph;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.checkpoint.ModelDescription;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.config.Experiment;
import vivit.spark.config.TrainingSettings;
import vivit.spark.config.TrainingSettings.OnNonFinite;
import vivit.spark.metrics.LedgerLine;
import vivit.spark.metrics.LineLog;
import vivit.spark.metrics.Progress;
import vivit.spark.metrics.RoundMetrics;
import vivit.spark.schedule.StepValues;
import vivit.spark.train.RoundPart.StepReport;
import vivit.spark.train.RoundPart.WorkerReport;

/** Trains an experiment: schedule, round, average, log, checkpoint, until the last step. */
public final class TrainingDriver {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingDriver.class);
  private static final int RETRIES = 2;

  private final JavaSparkContext sc;
  private final TrainingSettings settings;
  private final String effective;
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
    this.shards = shards;
    this.model = experiment.model().withLabels(shards.labels());
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
      Optional<Checkpoint> resumed = folder.resume(effective, shards, workers);
      long step = resumed.map(checkpoint -> checkpoint.state().step()).orElse(0L);
      folder.writeConfig(effective);
      Path newest = resumed.map(Checkpoint::folder).orElse(null);
      MeanLoss sinceCheckpoint = new MeanLoss();
      resumed.ifPresent(checkpoint -> sinceCheckpoint.keep(checkpoint.state().loss()));
      Progress progress =
          Progress.onConsole(step, planner.totalSteps(), settings.reporting().logEvery());
      try (PlannedRounds rounds = rounds(resumed);
          LineLog metrics = folder.lines("metrics.jsonl", step);
          LineLog ledger = ledger(folder, step)) {
        while (step < Math.min(lastStep, planner.totalSteps())) {
          long roundBegan = System.nanoTime();
          List<WorkerReport> reports = train(rounds, planner.round(step));
          long next = planner.end(step);
          RoundMetrics line = metrics(next, reports, (System.nanoTime() - roundBegan) / 1e9);
          sinceCheckpoint.add(line);
          metrics.add(line);
          record(ledger, reports);
          progress.round(line);
          if (checkpointDue(step, next)) {
            folder.ensureHeld();
            newest = write(folder, next, sinceCheckpoint.take(), rounds);
          }
          step = next;
        }
      }
      return new TrainingReport(
          step,
          planner.totalSteps(),
          workers,
          sinceCheckpoint.last(),
          newest,
          (System.nanoTime() - began) / 1e9);
    }
  }

  private PlannedRounds rounds(Optional<Checkpoint> resumed) throws IOException {
    ModelDescription description = ModelDescription.of(model);
    SlicedVector parameters;
    SlicedVector momentum;
    if (resumed.isPresent()) {
      int sliceLength = Slicing.length(resumed.get().parameterCount(), workers);
      parameters = resumed.get().parameters(sliceLength);
      momentum = resumed.get().momentum(sliceLength);
    } else {
      ComputationGraph graph = ViViTGraph.create(model, settings.seed());
      int sliceLength = Slicing.length(graph.numParams(), workers);
      parameters = SlicedVector.of(graph.params(), sliceLength);
      momentum = new SlicedVector(parameters.length(), sliceLength);
      graph.close();
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
            settings.momentum(),
            settings.maxGradientNorm(),
            settings.shards(),
            new SerializableConfiguration(sc.hadoopConfiguration()),
            settings.seed(),
            settings.augmentation().minScale(),
            settings.augmentation().maxScale(),
            settings.reporting().ledger()),
        parameters,
        momentum);
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

  private RoundMetrics metrics(long step, List<WorkerReport> reports, double seconds) {
    List<StepReport> steps = reports.stream().flatMap(report -> report.steps().stream()).toList();
    int clips = steps.stream().mapToInt(StepReport::clips).sum();
    double loss = steps.stream().mapToDouble(StepReport::lossSum).sum();
    double norm = steps.stream().mapToDouble(s -> s.gradientNorm() * s.clips()).sum();
    StepValues values = settings.values(step - 1, planner.stepsPerEpoch());
    return new RoundMetrics(
        step,
        Math.toIntExact((step - 1) / planner.stepsPerEpoch()),
        loss / clips,
        values.learningRate(),
        values.dropPath(),
        values.mixup(),
        values.labelSmoothing(),
        values.scaleJitter(),
        values.flip(),
        clips,
        clips / seconds,
        norm / clips,
        (int) reports.stream().filter(report -> !report.steps().isEmpty()).count(),
        seconds);
  }

  private LineLog ledger(RunFolder folder, long step) throws IOException {
    return settings.reporting().ledger() ? folder.lines("ledger.jsonl", step) : null;
  }

  private void record(LineLog ledger, List<WorkerReport> reports) throws IOException {
    if (ledger == null) {
      return;
    }
    for (WorkerReport report : reports) {
      for (StepReport step : report.steps()) {
        int epoch = Math.toIntExact(step.step() / planner.stepsPerEpoch());
        ledger.add(new LedgerLine(step.step() + 1, epoch, report.worker(), step.clipIds()));
      }
    }
  }

  private boolean checkpointDue(long before, long after) {
    double every = Math.max(1, settings.checkpoints().every().steps(planner.stepsPerEpoch()));
    return after >= planner.totalSteps() || Math.floor(after / every) > Math.floor(before / every);
  }

  private Path write(RunFolder folder, long step, double loss, PlannedRounds rounds)
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
            effective,
            java.util.Map.of());
    Path written =
        folder.checkpoints().write(state, rounds.parameters(), rounds.momentum()).folder();
    folder.checkpoints().prune(settings.checkpoints().keep(), settings.checkpoints().keepBest());
    return written;
  }
}
