package vivit.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.shard.ShardSet;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.TrainingStep;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.Randomness;
import vivit.spark.config.AveragingSettings.States;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.input.ClipBatches;
import vivit.spark.input.ClipBatches.TokenBatch;
import vivit.spark.input.ClipReader;
import vivit.spark.input.ClipSource;
import vivit.spark.input.Draws;
import vivit.spark.input.RandomClips;
import vivit.spark.input.ReadAhead;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;
import vivit.spark.train.RoundOrder.Averaging;
import vivit.spark.train.RoundOrder.WorkerStates;
import vivit.spark.train.RoundPart.StepOutcome;
import vivit.spark.train.RoundPart.WorkerReport;
import vivit.spark.train.RoundPlanner.RoundWork;
import vivit.spark.train.TaskPhases.Phase;

/**
 * The network of one worker with its buffers, open shards and reading threads; kept in the executor
 * between rounds.
 *
 * <p>From one round to the next it keeps only the clips that it has read ahead, and only if the
 * next round needs them: {@link #train} begins with the round's starting point, so any replica of a
 * run gives the same result. Not thread-safe.
 */
final class Replica implements ReplicaPool.Pooled {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  private final RunSetup setup;
  private final ViViTConfig config;
  private final ComputationGraph graph;
  private final TrainingStep step;
  private final ClipReader source;
  private final ReadAhead ahead;
  private final ClipBatches batches;
  private final ClipMixing mixing;

  /** The version whose parameters are in the network; -1 if training has changed them. */
  private long loaded = -1;

  private Replica(RunSetup setup, ClipReader source, int threads) {
    this.setup = setup;
    this.config = setup.model().config();
    this.graph = ViViTGraph.create(config, setup.seed());
    this.step =
        new TrainingStep(graph, setup.optimiser(), setup.rates(), setup.updates().recompute());
    step.weighClasses(setup.classWeights());
    this.source = source;
    this.ahead = new ReadAhead(setup.tokens().shape(), threads);
    this.batches = new ClipBatches(source, setup::augmenter, ahead, setup.repeats());
    this.mixing = new ClipMixing(config, setup.seed(), setup.repeats());
  }

  /** Builds the network and opens the shard set, with {@code threads} threads that read clips. */
  static Replica open(RunSetup setup, int threads) throws IOException {
    if (setup.shards().isEmpty()) {
      return new Replica(setup, new RandomClips(setup.model().config()), threads);
    }
    ShardSet shards = ShardSet.open(new Path(setup.shards()), setup.conf().value());
    return new Replica(setup, new ClipSource(shards), threads);
  }

  /** Whether this replica has already begun to read for this work. */
  boolean isAheadFor(RoundWork work) {
    return batches.isAheadFor(work.orders());
  }

  INDArray parameters() {
    return step.parameters();
  }

  List<INDArray> states() {
    return step.states();
  }

  /** Address of the clipped mean gradient of the last step. */
  long gradient() {
    return address(step.gradients());
  }

  /** Addresses of the parameters and the states. */
  List<Long> trained() {
    List<Long> trained = new ArrayList<>(List.of(address(step.parameters())));
    step.states().forEach(state -> trained.add(address(state)));
    return trained;
  }

  private static long address(INDArray flat) {
    return flat.data().pointer().address() + flat.offset() * Float.BYTES;
  }

  /**
   * Trains a worker's steps from the starting point; stops after the first step with a non-finite
   * number.
   */
  WorkerReport train(RoundWork work, RoundVectors start, TaskPhases.Clock clock)
      throws IOException, InterruptedException {
    Averaging averaging = start.order().averaging();
    long version = start.order().state().version();
    if (version != loaded) {
      start.load(trained());
      loaded = averaging == Averaging.GRADIENTS ? version : -1;
    }
    boolean fresh = false;
    if (averaging == Averaging.VECTORS) {
      WorkerStates states = start.order().states();
      fresh = states.fate() == States.RESET;
      for (int i = 0; i < states.names().size(); i++) {
        if (states.fate() == States.KEEP) {
          start.of(work.worker()).load(states.names().get(i), address(step.states().get(i)));
        } else if (fresh) {
          step.states().get(i).assign(0);
        }
      }
    }
    clock.end(Phase.LOAD);
    List<StepOutcome> reports = new ArrayList<>();
    double waited = batches.waitedSeconds();
    batches.begin(work.orders(), work.later());
    boolean finite = true;
    while (finite && batches.hasNext()) {
      TokenBatch batch = batches.next();
      long updates = fresh ? reports.size() + 1L : batch.order().step() + 1;
      StepOutcome report = train(batch, averaging, updates, !batches.hasNext());
      reports.add(report);
      finite = report.nonFinite().isEmpty();
    }
    return new WorkerReport(
        work.worker(), reports, clock.end(Phase.STEPS), batches.waitedSeconds() - waited, 0);
  }

  /**
   * Trains one step.
   *
   * @param updates of the optimiser's states, this one included
   * @param last whether it is the last step of the round
   */
  private StepOutcome train(TokenBatch batch, Averaging averaging, long updates, boolean last) {
    int clips = batch.clips();
    StepValues values = batch.order().values();
    try (LabelRows y = new LabelRows(config.heads(), batch.labels())) {
      mixing.mix(batch, y);
      y.smooth(values.of(Strength.LABEL_SMOOTHING));
      TrainingStep.Result result = update(batch, y.rows(), averaging, updates);
      String nonFinite = nonFinite(result, last && averaging == Averaging.VECTORS);
      boolean named = setup.reportClips() || !nonFinite.isEmpty();
      return new StepOutcome(
          batch.order().step(),
          clips,
          result.lossSum(),
          result.correct().get(0),
          result.gradientNorm(),
          nonFinite,
          named ? batch.ids() : List.of(),
          named ? batch.swapped() : List.of());
    }
  }

  /**
   * Runs forward and backward passes of all micro-batches, then the update, unless the gradient is
   * to be averaged first.
   */
  private TrainingStep.Result update(
      TokenBatch batch, INDArray[] y, Averaging averaging, long updates) {
    int clips = batch.clips();
    int microBatch = setup.updates().microBatch();
    int part = microBatch == 0 ? clips : microBatch;
    for (int from = 0; from < clips; from += part) {
      int to = Math.min(clips, from + part);
      INDArray[] labels = new INDArray[y.length];
      for (int head = 0; head < y.length; head++) {
        labels[head] = y[head].get(NDArrayIndex.interval(from, to));
      }
      INDArray x = batch.tokens().get(NDArrayIndex.interval(from, to));
      step.accumulate(x, labels, chance(batch, from, to));
    }
    if (averaging == Averaging.GRADIENTS) {
      return step.gradient();
    }
    StepValues values = batch.order().values();
    return step.update(updates, values.learningRate(), values.of(Strength.WEIGHT_DECAY));
  }

  /**
   * The randomness of some clips' dropout and drop path: a function of (seed, epoch, clip, use) and
   * the step.
   */
  private Randomness chance(TokenBatch batch, int from, int to) {
    StepValues values = batch.order().values();
    return new Randomness(
        new DropPath(
            values.of(Strength.DROP_PATH),
            setup.dropPathRule(),
            seeds(Draws.Use.DROP_PATH, batch, from, to)),
        new Dropout(
            values.of(Strength.DROPOUT),
            values.of(Strength.ATTENTION_DROPOUT),
            seeds(Draws.Use.DROPOUT, batch, from, to)));
  }

  private long[] seeds(Draws.Use purpose, TokenBatch batch, int from, int to) {
    long[] seeds = new long[to - from];
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = batch.order().use(from + i, setup.repeats()).seed(purpose, setup.seed());
    }
    return seeds;
  }

  private String nonFinite(TrainingStep.Result result, boolean last) {
    if (!Double.isFinite(result.lossSum())) {
      return "the loss is " + result.lossSum();
    }
    if (!Double.isFinite(result.gradientNorm())) {
      return "the gradient's norm is " + result.gradientNorm();
    }
    if (last && !isFinite(parameters())) {
      return "the parameters are not finite";
    }
    List<String> names = setup.optimiser().rule().states();
    for (int state = 0; last && state < names.size(); state++) {
      if (!isFinite(states().get(state))) {
        return "the %s is not finite".formatted(names.get(state).replace('-', ' '));
      }
    }
    return "";
  }

  private static boolean isFinite(INDArray vector) {
    return Double.isFinite(vector.norm2Number().doubleValue());
  }

  @Override
  public void close() {
    batches.close();
    ahead.close();
    try {
      source.close();
    } catch (IOException unclosed) {
      LOG.warn("Cannot close the shards: {}", unclosed.getMessage());
    }
    step.close();
    graph.close();
  }
}
