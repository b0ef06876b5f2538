package vivit.spark.dl4j;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import scala.Function1;
import scala.Tuple2;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.dl4j.RoundWorker.RoundResult;
import vivit.spark.train.RoundPart;
import vivit.spark.train.RoundPart.Averaged;
import vivit.spark.train.StartingPoint;
import vivit.spark.train.WeightedAverage;

/**
 * Trains in rounds: workers start from the same parameters, take {@code averagingFrequency} steps
 * each, and are averaged with their updater state, weighted by examples.
 *
 * <p>Behind DL4J's {@code SparkComputationGraph} it trains any graph on the minibatches of an RDD,
 * one step per minibatch, every minibatch exactly once; networks other than graphs are refused. The
 * product's own runs follow a plan of clips instead of an RDD (package {@code train}).
 */
public final class RoundTrainingMaster implements TrainingMaster<RoundResult, RoundWorker> {
  private final int workers;
  private final int averagingFrequency;
  private final List<TrainingHook> hooks = new ArrayList<>();
  private final List<TrainingListener> listeners = new ArrayList<>();

  /**
   * Creates a master of {@code workers} workers that average every {@code averagingFrequency}
   * steps.
   */
  public RoundTrainingMaster(int workers, int averagingFrequency) {
    if (workers < 1 || averagingFrequency < 1) {
      throw new IllegalArgumentException(
          String.format(
              "%d workers averaging every %d steps; expected at least 1 of each",
              workers, averagingFrequency));
    }
    this.workers = workers;
    this.averagingFrequency = averagingFrequency;
  }

  static UnsupportedOperationException graphsOnly() {
    return new UnsupportedOperationException(
        "RoundTrainingMaster trains graphs; turn the network into one with toComputationGraph()");
  }

  @Override
  public void executeTraining(SparkComputationGraph spark, JavaRDD<DataSet> batches) {
    train(
        spark,
        batches.map(batch -> Minibatches.save(batch.toMultiDataSet())),
        new Minibatches.Saved());
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph spark, JavaRDD<MultiDataSet> batches) {
    train(spark, batches.map(Minibatches::save), new Minibatches.Saved());
  }

  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer network,
      SparkComputationGraph spark,
      JavaRDD<String> paths,
      DataSetLoader loader,
      MultiDataSetLoader multiLoader) {
    if (spark == null) {
      throw graphsOnly();
    }
    var conf = new SerializableConfiguration(spark.getSparkContext().hadoopConfiguration());
    train(spark, paths.map(path -> path), new Minibatches.InFiles(loader, multiLoader, conf));
  }

  private <T> void train(
      SparkComputationGraph spark, JavaRDD<T> items, Minibatches<T> minibatches) {
    JavaRDD<T> kept = items.persist(StorageLevel.MEMORY_AND_DISK_SER());
    try {
      long count = kept.count();
      if (count == 0) {
        throw new IllegalArgumentException("The RDD has no minibatch; nothing to train on");
      }
      RoundPartitioner rounds = new RoundPartitioner(count, workers, averagingFrequency);
      JavaPairRDD<Long, T> dealt = kept.zipWithIndex().mapToPair(Tuple2::swap).partitionBy(rounds);
      for (int round = 0; round < rounds.rounds(); round++) {
        train(spark, share(dealt, round), minibatches, rounds.steps(round));
      }
    } finally {
      kept.unpersist();
    }
  }

  /** The partitions of one round. */
  private <T> JavaPairRDD<Long, T> share(JavaPairRDD<Long, T> dealt, int round) {
    int workersOfRound = workers;
    Function1<Object, Object> ofRound =
        (Function1<Object, Object> & Serializable)
            partition -> (Integer) partition / workersOfRound == round;
    return new JavaPairRDD<>(
        PartitionPruningRDD.create(dealt.rdd(), ofRound), dealt.kClassTag(), dealt.vClassTag());
  }

  private <T> void train(
      SparkComputationGraph spark,
      JavaPairRDD<Long, T> share,
      Minibatches<T> minibatches,
      int steps) {
    ComputationGraph graph = spark.getNetwork();
    RoundWorker worker = getWorkerInstance(spark);
    try {
      JavaPairRDD<Integer, RoundPart> trained =
          share.mapPartitionsToPair(new MinibatchTask<>(worker, minibatches));
      WeightedAverage.collect(trained, worker.start().slices())
          .forEach(part -> take(part, graph, worker.start().sliceLength()));
    } finally {
      worker.start().destroy();
    }
    graph.getConfiguration().setIterationCount(graph.getIterationCount() + steps);
    for (TrainingListener listener : listeners) {
      listener.iterationDone(graph, graph.getIterationCount(), graph.getEpochCount());
    }
  }

  private static void take(RoundPart part, ComputationGraph graph, int sliceLength) {
    if (part instanceof Averaged averaged) {
      place(averaged.parameters, graph.params(), averaged.slice, sliceLength);
      place(averaged.momentum, graph.updaterState(), averaged.slice, sliceLength);
    }
  }

  private static void place(float[] values, INDArray array, int slice, int sliceLength) {
    if (values.length > 0) {
      SlicedVector.place(values, array, slice, sliceLength);
    }
  }

  @Override
  public RoundWorker getWorkerInstance(SparkComputationGraph spark) {
    ComputationGraph graph = spark.getNetwork();
    JavaSparkContext sc = spark.getSparkContext();
    int sliceLength = WeightedAverage.sliceLength(graph.numParams(), workers);
    INDArray state = graph.updaterState();
    StartingPoint start =
        StartingPoint.of(
            sc,
            SlicedVector.of(graph.params(), sliceLength),
            state == null ? null : SlicedVector.of(state, sliceLength));
    return new RoundWorker(graph, start, averagingFrequency, hooks);
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
  public void setListeners(Collection<TrainingListener> replacements) {
    listeners.clear();
    listeners.addAll(replacements);
  }

  @Override
  public void setListeners(StatsStorageRouter router, Collection<TrainingListener> replacements) {
    setListeners(replacements);
  }

  @Override
  public String toJson() {
    return String.format("{\"workers\":%d,\"averagingFrequency\":%d}", workers, averagingFrequency);
  }

  @Override
  public String toYaml() {
    return String.format("workers: %d%naveragingFrequency: %d%n", workers, averagingFrequency);
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw new UnsupportedOperationException(
          "RoundTrainingMaster keeps no event statistics; look at Spark's own event log");
    }
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  @Override
  public SparkTrainingStats getTrainingStats() {
    return null;
  }

  @Override
  public boolean deleteTempFiles(JavaSparkContext sc) {
    return true;
  }

  @Override
  public boolean deleteTempFiles(SparkContext sc) {
    return true;
  }

  @Override
  public RoundWorker getWorkerInstance(SparkDl4jMultiLayer network) {
    throw graphsOnly();
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> batches) {
    throw graphsOnly();
  }
}
