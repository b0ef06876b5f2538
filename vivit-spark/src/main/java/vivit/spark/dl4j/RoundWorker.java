package vivit.spark.dl4j;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import scala.Tuple2;
import vivit.spark.train.Contributions;
import vivit.spark.train.NonFiniteException;
import vivit.spark.train.RoundPart;
import vivit.spark.train.StartingPoint;

/**
 * Trains any DL4J graph on given minibatches for one round, with the graph's own updater.
 *
 * <p>Every minibatch is one step. Not thread-safe; every task creates a graph from the round's
 * starting point.
 */
public final class RoundWorker implements TrainingWorker<RoundWorker.RoundResult> {
  private static final long serialVersionUID = 1L;

  private final String configuration;
  private final int iteration;
  private final int epoch;
  private final StartingPoint start;
  private final int averagingFrequency;
  private final List<TrainingHook> hooks;
  private long examples;

  /** The result of a worker after its last minibatch of a round; stays in the worker's JVM. */
  public static final class RoundResult implements TrainingResult {
    private final ComputationGraph graph;
    private final long examples;
    private final StartingPoint start;

    RoundResult(ComputationGraph graph, long examples, StartingPoint start) {
      this.graph = graph;
      this.examples = examples;
      this.start = start;
    }

    /** Examples trained on: the weight in the average. */
    public long examples() {
      return examples;
    }

    /** The slices to average. */
    Iterator<Tuple2<Integer, RoundPart>> contributions(int worker) {
      return new Contributions(worker, examples, graph.params(), graph.updaterState(), start);
    }

    @Override
    public void setStats(SparkTrainingStats stats) {
      // The driver times rounds; workers keep no statistics.
    }
  }

  RoundWorker(
      ComputationGraph graph,
      StartingPoint start,
      int averagingFrequency,
      List<TrainingHook> hooks) {
    this.configuration = graph.getConfiguration().toJson();
    this.iteration = graph.getIterationCount();
    this.epoch = graph.getEpochCount();
    this.start = start;
    this.averagingFrequency = averagingFrequency;
    this.hooks = new ArrayList<>(hooks);
  }

  StartingPoint start() {
    return start;
  }

  @Override
  public void addHook(TrainingHook hook) {
    hooks.add(hook);
  }

  @Override
  public void removeHook(TrainingHook hook) {
    hooks.remove(hook);
  }

  @Override
  public ComputationGraph getInitialModelGraph() {
    ComputationGraph graph =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    graph.init();
    graph.getConfiguration().setIterationCount(iteration);
    graph.getConfiguration().setEpochCount(epoch);
    start.load(graph.params(), graph.updaterState());
    examples = 0;
    return graph;
  }

  @Override
  public RoundResult processMinibatch(MultiDataSet batch, ComputationGraph graph, boolean isLast) {
    hooks.forEach(hook -> hook.preUpdate(batch, graph));
    graph.fit(batch);
    hooks.forEach(hook -> hook.postUpdate(batch, graph));
    examples += batch.getFeatures(0).size(0);
    if (!Double.isFinite(graph.score())) {
      throw new NonFiniteException(
          "The loss is "
              + graph.score()
              + " after iteration "
              + graph.getIterationCount()
              + "; lower the learning rate or look at the data");
    }
    return isLast ? getFinalResult(graph) : null;
  }

  @Override
  public RoundResult processMinibatch(DataSet batch, ComputationGraph graph, boolean isLast) {
    return processMinibatch(batch.toMultiDataSet(), graph, isLast);
  }

  @Override
  public Pair<RoundResult, SparkTrainingStats> processMinibatchWithStats(
      MultiDataSet batch, ComputationGraph graph, boolean isLast) {
    return Pair.of(processMinibatch(batch, graph, isLast), null);
  }

  @Override
  public Pair<RoundResult, SparkTrainingStats> processMinibatchWithStats(
      DataSet batch, ComputationGraph graph, boolean isLast) {
    return Pair.of(processMinibatch(batch, graph, isLast), null);
  }

  @Override
  public RoundResult getFinalResult(ComputationGraph graph) {
    return new RoundResult(graph, examples, start);
  }

  @Override
  public Pair<RoundResult, SparkTrainingStats> getFinalResultWithStats(ComputationGraph graph) {
    return Pair.of(getFinalResult(graph), null);
  }

  @Override
  public RoundResult getFinalResultNoData() {
    return null;
  }

  @Override
  public Pair<RoundResult, SparkTrainingStats> getFinalResultNoDataWithStats() {
    return Pair.of(null, null);
  }

  @Override
  public WorkerConfiguration getDataConfiguration() {
    return new WorkerConfiguration(true, 1, 1, averagingFrequency, 0, false);
  }

  @Override
  public long getInstanceId() {
    return System.identityHashCode(this);
  }

  @Override
  public MultiLayerNetwork getInitialModel() {
    throw RoundTrainingMaster.graphsOnly();
  }

  @Override
  public RoundResult processMinibatch(DataSet batch, MultiLayerNetwork network, boolean isLast) {
    throw RoundTrainingMaster.graphsOnly();
  }

  @Override
  public Pair<RoundResult, SparkTrainingStats> processMinibatchWithStats(
      DataSet batch, MultiLayerNetwork network, boolean isLast) {
    throw RoundTrainingMaster.graphsOnly();
  }

  @Override
  public RoundResult getFinalResult(MultiLayerNetwork network) {
    throw RoundTrainingMaster.graphsOnly();
  }

  @Override
  public Pair<RoundResult, SparkTrainingStats> getFinalResultWithStats(MultiLayerNetwork network) {
    throw RoundTrainingMaster.graphsOnly();
  }
}
