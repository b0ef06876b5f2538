package vivit.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.text.Visible;
import vivit.model.ModelDescription;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.checkpoint.CheckpointState.BestValidation;
import vivit.spark.config.AveragingSettings;
import vivit.spark.config.AveragingSettings.Outer;
import vivit.spark.config.AveragingSettings.States;
import vivit.spark.config.Experiment;
import vivit.spark.config.InitialisationSettings;
import vivit.spark.config.TrainingSettings;
import vivit.spark.config.TrainingSettings.OnNonFinite;
import vivit.spark.config.TrainingSettings.Sampling;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Packing;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;
import vivit.spark.metrics.RoundPhases;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;
import vivit.spark.train.RoundOrder.Averaging;
import vivit.spark.train.RoundOrder.WorkerStates;
import vivit.spark.train.RoundPart.WorkerReport;
import vivit.spark.train.TrainingRounds.Round;
import vivit.spark.train.UpdateTask.Change;

/**
 * Trains an experiment: plans, trains and averages one round after the other, logs it and writes
 * checkpoints, up to the last step.
 */
public final class TrainingDriver {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingDriver.class);
  private static final int RETRIES = 2;
  private static final int MOST_LOSSES = 5;
  private static final String INITIALISATION = "initialisation.txt";

  private final JavaSparkContext sc;
  private final Experiment experiment;
  private final TrainingSettings settings;
  private final Manifest shards;
  private final ViViTConfig model;

  /** The workers that a run is cut into; known when the run folder is open. */
  private int workers;

  private RoundPlanner planner;

  /** Classes of all clips, once a balanced run has looked them up. */
  private Optional<int[]> classes = Optional.empty();

  /** Asked when a job has failed; true ends training at once. */
  private BooleanSupplier ending = () -> false;

  /** The last round of which all is logged. */
  private Reached reached;

  /** Empty for a run that is not validated. */
  private Optional<Validation> validation = Optional.empty();

  /**
   * The result of a run.
   *
   * @param step number of updates done
   * @param totalSteps steps of the whole run
   * @param workers number of workers that trained
   * @param loss of the newest checkpoint: mean per clip since the previous one; NaN without a
   *     checkpoint
   * @param checkpoint the newest checkpoint; null if there is none
   * @param kept whether that is of the last step
   * @param best validation of the run; empty without any
   * @param over whether there is nothing left to train: all steps are done, or validation found
   *     nothing better for too long
   * @param seconds of training in this execution of the program
   */
  public record TrainingReport(
      long step,
      long totalSteps,
      int workers,
      double loss,
      Path checkpoint,
      boolean kept,
      Optional<BestValidation> best,
      boolean over,
      double seconds) {

    /** The best validation as a part of a line: its figure and step; empty without any. */
    public String validation() {
      return best.map(
              found ->
                  ", best %s at step %d%s"
                      .formatted(
                          Validation.text(found),
                          found.step(),
                          over && step < totalSteps
                              ? ", none better in %d more validations".formatted(found.since())
                              : ""))
          .orElse("");
    }
  }

  /**
   * Creates a run.
   *
   * @param shards the manifest of {@code experiment.training().shards()}
   */
  public TrainingDriver(JavaSparkContext sc, Experiment experiment, Manifest shards) {
    this.sc = sc;
    this.experiment = experiment;
    this.settings = experiment.training();
    this.shards = shards;
    this.model = experiment.model().withHeads(shards.heads());
  }

  /** Cuts the run into the shares of so many workers. */
  void cut(int parts) throws IOException {
    workers = parts;
    if (settings.sampling() == Sampling.BALANCED && classes.isEmpty()) {
      classes = Optional.of(classes());
    }
    planner = new RoundPlanner(settings, Math.toIntExact(shards.clips()), classes, parts);
  }

  private int[] classes() throws IOException {
    if (settings.shards().isEmpty()) { // random clips
      int count = shards.heads().get(0).classes();
      return IntStream.range(0, Math.toIntExact(shards.clips())).map(i -> i % count).toArray();
    }
    return ClipClasses.read(sc, settings.shards(), shards);
  }

  /** Trains to the end, from the newest checkpoint of the run folder if there is one. */
  public TrainingReport run() throws IOException {
    return run(() -> false, () -> false);
  }

  /**
   * Trains as {@link #run()} does, unless it is stopped before.
   *
   * @param stop asked after every round; true ends training there, with a checkpoint
   * @param ending asked when a job has failed, as one does that is cancelled; true ends training at
   *     once, with a checkpoint of the rounds before
   */
  public TrainingReport run(BooleanSupplier stop, BooleanSupplier ending) throws IOException {
    this.ending = ending;
    return run(Long.MAX_VALUE, stop);
  }

  /**
   * Trains up to the end of the round that reaches {@code lastStep}, without an extra checkpoint
   * there.
   */
  TrainingReport run(long lastStep) throws IOException {
    return run(lastStep, () -> false);
  }

  private TrainingReport run(long lastStep, BooleanSupplier stop) throws IOException {
    long began = System.nanoTime();
    validation = Validation.of(sc, settings, ModelDescription.of(model));
    try (RunFolder folder = RunFolder.open(new Path(settings.run()), sc.hadoopConfiguration())) {
      List<Path> checkpoints = folder.checkpoints().folders();
      for (int losses = 1; ; losses++) {
        try {
          return run(lastStep, stop, began, folder);
        } catch (LostVectorsException lost) {
          folder.checkpoints().clean();
          List<Path> since = folder.checkpoints().folders();
          if (!since.equals(checkpoints)) {
            losses = 1;
            checkpoints = since;
          }
          if (losses == MOST_LOSSES) {
            throw new IOException(
                "%s; gave up after %d times without a new checkpoint"
                    .formatted(lost.getMessage(), losses),
                lost);
          }
          LOG.warn(
              "{}; {}",
              lost.getMessage(),
              since.isEmpty()
                  ? "starting again, as there is no checkpoint yet"
                  : "going back to the newest checkpoint");
        }
      }
    }
  }

  /** The end of a round: the step, and the version of the vectors. */
  private record Reached(long step, long version) {}

  /** What training starts from: vectors on the executors, of a checkpoint or drawn. */
  private record Beginning(Optional<Checkpoint> checkpoint, TrainingRounds rounds) {}

  private TrainingReport run(long lastStep, BooleanSupplier stop, long began, RunFolder folder)
      throws IOException {
    Optional<Beginning> resumed = folder.resume(experiment, shards, this::resume);
    Beginning start = resumed.isPresent() ? resumed.get() : begin(folder);
    long step = start.checkpoint().map(checkpoint -> checkpoint.state().step()).orElse(0L);
    validation.ifPresent(
        validated ->
            validated.resume(
                start.checkpoint().map(before -> before.state().validation()).orElse(null)));
    CheckpointWriter checkpoints;
    try (TrainingRounds rounds = start.rounds();
        RoundLog log = RoundLog.open(folder, settings, planner, step)) {
      checkpoints =
          new CheckpointWriter(
              sc, folder, settings.checkpoints(), start.checkpoint(), log::requireLedger, ending);
      folder.writeConfig(experiment.effective().text());
      reached = new Reached(step, rounds.state().version());
      try {
        train(rounds, log, checkpoints, stop, Math.min(lastStep, planner.totalSteps()));
        checkpoints.finish(rounds.peers());
      } catch (Exception | FSError failed) { // Spark throws what it does not declare
        keep(checkpoints, rounds, log, failed);
        if (!ending.getAsBoolean()) {
          throw failed;
        }
        LOG.debug("The run was ended", failed);
      }
      step = reached.step();
    }
    Optional<Checkpoint> newest = checkpoints.newest();
    return new TrainingReport(
        step,
        planner.totalSteps(),
        workers,
        newest.map(checkpoint -> checkpoint.state().loss()).orElse(Double.NaN),
        newest.map(Checkpoint::folder).orElse(null),
        newest.filter(checkpoint -> checkpoint.state().step() == reached.step()).isPresent(),
        validation.flatMap(Validation::best),
        step >= planner.totalSteps() || isOver(),
        seconds(began));
  }

  /** Trains round after round. */
  private void train(
      TrainingRounds rounds,
      RoundLog log,
      CheckpointWriter checkpoints,
      BooleanSupplier stop,
      long lastStep)
      throws IOException {
    RoundWarnings warnings = new RoundWarnings(settings, shards.heads(), planner.stepsPerEpoch());
    long step = reached.step();
    boolean ends = isOver() || (step > 0 && stop.getAsBoolean());
    while (step < lastStep && !ends) {
      long roundBegan = System.nanoTime();
      long next = planner.end(step);
      List<WorkerReport> reports = train(rounds, step);
      double seconds = seconds(roundBegan);
      RoundPhases phases = rounds.lastCost().phases();
      Map<String, Double> figures =
          validation.isPresent()
              ? validation.get().after(step, next, rounds, planner, log)
              : Map.of();
      log.add(next, reports, rounds.lastMoved(), seconds, phases, figures);
      reached = new Reached(next, rounds.state().version());
      warnings.add(step, next, reports);
      checkpoints.add(rounds.takeWritten());
      if (rounds.takeLoss()) {
        checkpoints.finish(rounds.peers());
      }
      ends = next >= planner.totalSteps() || isOver() || stop.getAsBoolean();
      if (ends) {
        CheckpointState last = state(next, meanLoss(log, checkpoints, next));
        rounds.insist(
            () -> {
              checkpoints.write(last, rounds);
              return last;
            });
      } else if (checkpoints.isDue(step, next, planner.stepsPerEpoch()) || isBest(next)) {
        checkpoints.finish(rounds.peers());
        CheckpointState now = state(next, meanLoss(log, checkpoints, next));
        rounds.write(checkpoints.begin(now, rounds));
      } else if (!checkpoints.isBusy()) {
        rounds.endWriting();
      }
      step = next;
    }
  }

  /** Whether validation has found nothing better for too long. */
  private boolean isOver() {
    return validation.filter(Validation::isOver).isPresent();
  }

  private boolean isBest(long step) {
    return settings.checkpoints().keepBest() > 0
        && validation.filter(validated -> validated.isBest(step)).isPresent();
  }

  /**
   * Keeps what was trained when training fails: completes the checkpoint that is being written, or
   * writes one of the last round. After NaN or infinity the former ones are the better start.
   */
  private void keep(
      CheckpointWriter checkpoints, TrainingRounds rounds, RoundLog log, Throwable failed) {
    if (failed instanceof LostVectorsException) {
      return; // its writers are gone
    }
    try {
      checkpoints.add(rounds.takeWritten());
      Optional<SliceTable> table =
          failed instanceof NonFiniteException
              ? Optional.empty()
              : rounds.version(reached.version());
      if (table.isPresent() && reached.step() > newestStep(checkpoints)) {
        CheckpointState state = state(reached.step(), meanLoss(log, checkpoints, reached.step()));
        checkpoints.rescue(state, rounds.slicing(), table.get());
      }
      if (!ending.getAsBoolean()) {
        checkpoints.finish(rounds.peers());
      }
    } catch (Exception | FSError also) { // as above
      LOG.warn("Cannot keep the last round: {}", Visible.text(FailedJob.message(also)));
      if (also != failed) {
        failed.addSuppressed(also);
      }
    }
  }

  private static long newestStep(CheckpointWriter checkpoints) {
    return checkpoints.newest().map(checkpoint -> checkpoint.state().step()).orElse(0L);
  }

  /** The mean loss up to the last step, since the newest checkpoint. */
  private static double meanLoss(RoundLog log, CheckpointWriter checkpoints, long step) {
    return log.meanLoss(newestStep(checkpoints), step);
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  /** Trains the round that begins at a step, and averages. */
  List<WorkerReport> train(TrainingRounds rounds, long step) throws IOException {
    Averaging averaging = planner.averagesGradients(step) ? Averaging.GRADIENTS : Averaging.VECTORS;
    Change change = change(step, planner.end(step));
    return rounds.train(new Round(planner.round(step), averaging, change), retries());
  }

  /** The model that is trained. */
  public ViViTConfig model() {
    return model;
  }

  /** The rounds of the run. */
  RoundPlanner planner() {
    return planner;
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

  /** How the vectors change at the end of a round. */
  private Change change(long from, long to) {
    StepValues values = settings.values(from, planner.stepsPerEpoch());
    return new Change(
        settings.rates(model),
        settings.updates().optimiser().rule(),
        from + 1,
        values.learningRate(),
        values.of(Strength.WEIGHT_DECAY),
        outerStep(from, to),
        averageKept(from, to));
  }

  private OuterStep outerStep(long from, long to) {
    double rates = 0;
    for (long step = from; step < to; step++) {
      rates += settings.values(step, planner.stepsPerEpoch()).learningRate();
    }
    AveragingSettings averaging = settings.averaging();
    return new OuterStep(
        averaging.outer(), averaging.momentum(), averaging.rate(), rates / (to - from));
  }

  /** Puts the first version of the vectors onto executors. */
  @FunctionalInterface
  interface Start {
    /** Makes the vectors, cut in this way, and names their holders in the table. */
    void fill(Slicing slicing, SliceTable table) throws IOException;
  }

  /** Prepares rounds, which go on from these vectors. */
  TrainingRounds rounds(Start start) throws IOException {
    Slicing slicing = Slicing.of(ParameterIndex.of(model).length());
    RunSetup setup = RunSetup.of(settings, model, shards, sc.hadoopConfiguration());
    AveragingSettings averaging = settings.averaging();
    WorkerStates states =
        new WorkerStates(settings.updates().optimiser().rule().states(), averaging.states());
    List<String> vectors =
        RoundOrder.vectors(
            states,
            averaging.wire(),
            averaging.outer() != Outer.AVERAGE,
            settings.averages(),
            workers);
    SliceTable table = new SliceTable(setup.run(), 0, slicing.count(), vectors);
    boolean whole = false;
    try {
      start.fill(slicing, table);
      whole = true;
    } finally {
      if (!whole) {
        Exchange.end(setup.run());
      }
    }
    long trained = settings.rates(model).trained();
    LOG.info(
        "Training {} parameters on {} clips, {} workers, {} steps of {} clips per epoch, {} epochs",
        trained == slicing.length() ? trained : trained + " of " + slicing.length(),
        shards.clips(),
        workers,
        planner.stepsPerEpoch(),
        settings.batchSize(),
        planner.totalSteps() / planner.stepsPerEpoch());
    int executors = Slots.of(sc).executors();
    if (executors > workers) {
      LOG.warn(
          "{} executors for {} workers: {} stay idle; set train.workers of a new run to at least {}",
          executors,
          workers,
          executors - workers,
          executors);
    }
    return new TrainingRounds(sc, setup, slicing, workers, states, averaging.wire(), table, ending);
  }

  private Beginning resume(Checkpoint checkpoint) throws IOException {
    cut(settings.workers().orElse(checkpoint.state().workers()));
    Extension.check(new Path(settings.run()), checkpoint.state(), settings, planner);
    boolean own =
        settings.averaging().states() == States.KEEP || settings.averaging().wire() == Packing.INT8;
    if (own && workers != checkpoint.state().workers()) {
      throw new Refusal(
          "Cannot resume %s: train.workers is %d, and %d workers began, each of which has vectors of its own, as train.averaging wants it; use train.workers=%d"
              .formatted(
                  checkpoint.folder(),
                  workers,
                  checkpoint.state().workers(),
                  checkpoint.state().workers()));
    }
    return new Beginning(
        Optional.of(checkpoint),
        rounds((slicing, table) -> FirstVectors.read(sc, checkpoint, slicing, table)));
  }

  private Beginning begin(RunFolder folder) throws IOException {
    cut(settings.workers().orElse(settings.defaultWorkers()));
    return new Beginning(
        Optional.empty(), rounds((slicing, table) -> draw(slicing, table, folder)));
  }

  /** Draws the vectors of a new run, from the checkpoint that it starts from if there is one. */
  FirstVectors.Started drawStart(Slicing slicing, SliceTable table) throws IOException {
    InitialisationSettings initialisation = experiment.initialisation();
    StartingParameters.refuseOtherClasses(initialisation, shards.heads(), sc.hadoopConfiguration());
    return draw(initialisation.from().orElse(""), slicing, table);
  }

  private void draw(Slicing slicing, SliceTable table, RunFolder folder) throws IOException {
    FirstVectors.Started started = drawStart(slicing, table);
    for (String report : started.report()) {
      LOG.info("{}", Visible.lines(report));
      folder.writeText(INITIALISATION, experiment.effective().hide(report, "initialise.from"));
    }
    started.warnings().forEach(warning -> LOG.warn("{}", Visible.text(warning)));
  }

  /**
   * Draws the vectors of a new run.
   *
   * @param from checkpoint that it starts from; empty for random parameters
   */
  FirstVectors.Started draw(String from, Slicing slicing, SliceTable table) throws IOException {
    FirstVectors.Draw draw =
        new FirstVectors.Draw(
            ModelDescription.of(model),
            settings.seed(),
            from,
            experiment.initialisation().options(),
            shards.heads().count() == 1 ? List.copyOf(shards.heads().classNames()) : List.of(),
            slicing,
            table);
    return FailedJob.unwrapped(() -> FirstVectors.draw(sc, draw));
  }

  private CheckpointState state(long step, double loss) {
    return new CheckpointState(
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
        Map.of(),
        validation.flatMap(Validation::best).orElse(null));
  }
}
