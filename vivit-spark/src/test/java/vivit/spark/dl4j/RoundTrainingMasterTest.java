package vivit.spark.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.core.loader.impl.SerializedDataSetLoader;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import vivit.spark.train.TrainingSpark;

/** The master behind DL4J's own SparkComputationGraph, on a graph that is no ViViT. */
class RoundTrainingMasterTest {

  @Test
  void oneWorkerIsPlainTraining() {
    List<DataSet> batches = batches(5, 4);
    ComputationGraph plain = graph(new Adam(0.01));
    batches.forEach(plain::fit);

    ComputationGraph rounds = graph(new Adam(0.01));
    spark(rounds, 1, 2).fit(rdd(batches));

    assertThat(rounds.params().toFloatVector()).isEqualTo(plain.params().toFloatVector());
    assertThat(rounds.getIterationCount()).isEqualTo(5);
  }

  @Test
  void workersAveragingEveryStepEqualOneWithTheLargerBatch() {
    List<DataSet> batches = batches(6, 4);
    ComputationGraph large = graph(new Nesterovs(0.1, 0.9));
    for (int i = 0; i < 6; i += 3) {
      large.fit(DataSet.merge(batches.subList(i, i + 3)));
    }

    ComputationGraph rounds = graph(new Nesterovs(0.1, 0.9));
    spark(rounds, 3, 1).fit(rdd(batches));

    assertThat(distance(rounds.params(), large.params())).isLessThan(1e-6);
  }

  @Test
  void everyMinibatchCountsByItsSize() {
    List<DataSet> batches = List.of(batch(0, 4), batch(1, 9));
    ComputationGraph large = graph(new Nesterovs(0.1, 0.9));
    large.fit(DataSet.merge(batches));

    ComputationGraph rounds = graph(new Nesterovs(0.1, 0.9));
    spark(rounds, 2, 1).fit(rdd(batches));

    assertThat(distance(rounds.params(), large.params())).isLessThan(1e-6);
  }

  @Test
  void multiDataSetsAndFilesGiveTheSame(@TempDir Path folder) {
    List<DataSet> batches = batches(5, 3);
    ComputationGraph direct = graph(new Adam(0.01));
    spark(direct, 2, 2).fit(rdd(batches));

    ComputationGraph multi = graph(new Adam(0.01));
    JavaRDD<MultiDataSet> sets =
        TrainingSpark.context()
            .parallelize(List.of(0, 1, 2, 3, 4), 2)
            .map(i -> batch(i, 3).toMultiDataSet());
    spark(multi, 2, 2).fitMultiDataSet(sets);

    List<String> paths = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      paths.add(folder.resolve("batch-" + i).toUri().toString());
      batches.get(i).save(folder.resolve("batch-" + i).toFile());
    }
    ComputationGraph files = graph(new Adam(0.01));
    spark(files, 2, 2)
        .fitPaths(TrainingSpark.context().parallelize(paths, 2), new SerializedDataSetLoader());

    assertThat(multi.params().toFloatVector()).isEqualTo(direct.params().toFloatVector());
    assertThat(files.params().toFloatVector()).isEqualTo(direct.params().toFloatVector());
  }

  @Test
  void refusesAnEmptyRdd() {
    SparkComputationGraph spark = spark(graph(new Adam(0.01)), 1, 1);

    assertThatThrownBy(() -> spark.fit(rdd(List.of()))).hasMessageContaining("no minibatch");
  }

  private static SparkComputationGraph spark(ComputationGraph graph, int workers, int frequency) {
    return new SparkComputationGraph(
        TrainingSpark.context(), graph, new RoundTrainingMaster(workers, frequency));
  }

  /** Made inside the tasks: tensors do not travel. */
  private static JavaRDD<DataSet> rdd(List<DataSet> batches) {
    List<Integer> sizes = batches.stream().map(DataSet::numExamples).toList();
    return TrainingSpark.context()
        .parallelize(new ArrayList<>(sizes), 2)
        .zipWithIndex()
        .map(size -> batch(size._2().intValue(), size._1()));
  }

  private static List<DataSet> batches(int count, int rows) {
    List<DataSet> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batches.add(batch(i, rows));
    }
    return batches;
  }

  private static DataSet batch(int i, int rows) {
    float[][] x = new float[rows][3];
    float[][] y = new float[rows][2];
    Random random = new Random(i);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < 3; column++) {
        x[row][column] = (float) random.nextGaussian();
      }
      y[row][x[row][0] > 0 ? 1 : 0] = 1;
    }
    return new DataSet(Nd4j.createFromArray(x), Nd4j.createFromArray(y));
  }

  private static ComputationGraph graph(IUpdater updater) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "hidden",
                    new DenseLayer.Builder().nIn(3).nOut(7).activation(Activation.TANH).build(),
                    "in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder().nIn(7).nOut(2).activation(Activation.SOFTMAX).build(),
                    "hidden")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  private static double distance(INDArray a, INDArray b) {
    return a.distance2(b);
  }
}
