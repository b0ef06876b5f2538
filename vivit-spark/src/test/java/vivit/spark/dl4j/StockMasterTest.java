package vivit.spark.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;
import vivit.spark.train.TrainingSpark;

/** A ViViT is an ordinary DL4J graph: DL4J's own Spark training takes it, and so does ours. */
class StockMasterTest {
  private static final int STOCK_EPOCHS = 20;
  private static final ViViTConfig MODEL =
      new ViViTConfig(
          new ClipShape(4, 8, 8),
          new Tubelet(2, 4, 4),
          12,
          3,
          20,
          new FactorisedEncoder(1, 1),
          Readout.TOKEN,
          0,
          List.of(new Head("label", 3)));

  @Test
  void stockParameterAveragingTrainsTheGraph(@TempDir Path exported) throws IOException {
    ComputationGraph graph = ViViTGraph.create(MODEL, 1);
    double before = score(graph);
    SparkComputationGraph spark =
        new SparkComputationGraph(
            TrainingSpark.context(),
            graph,
            new ParameterAveragingTrainingMaster.Builder(2, 4)
                .batchSizePerWorker(4)
                .averagingFrequency(1)
                .workerPrefetchNumBatches(0)
                .exportDirectory(exported.toUri().toString())
                .build());

    // which minibatches it leaves out, and their order, it draws anew each time
    for (int epoch = 0; epoch < STOCK_EPOCHS; epoch++) {
      spark.fit(rdd());
    }

    assertThat(score(spark.getNetwork())).isLessThan(before - 0.1);
  }

  @Test
  void theRoundMasterTrainsTheGraphFromAnyRdd() {
    ComputationGraph graph = ViViTGraph.create(MODEL, 1);
    double before = score(graph);
    SparkComputationGraph spark =
        new SparkComputationGraph(TrainingSpark.context(), graph, new RoundTrainingMaster(2, 2));

    for (int epoch = 0; epoch < 4; epoch++) {
      spark.fit(rdd());
    }

    assertThat(score(spark.getNetwork())).isLessThan(before - 0.02);
  }

  /** Mean over all minibatches, which have the same size. */
  private static double score(ComputationGraph graph) {
    return IntStream.range(0, 4).mapToDouble(i -> graph.score(batch(i))).average().orElseThrow();
  }

  private static JavaRDD<DataSet> rdd() {
    return TrainingSpark.context().parallelize(List.of(0, 1, 2, 3), 2).map(StockMasterTest::batch);
  }

  /** Four clips whose brightness tells their label. */
  private static DataSet batch(int i) {
    int values = MODEL.grid().tokens() * MODEL.tubelet().values();
    float[] tokens = new float[4 * values];
    float[][] labels = new float[4][3];
    Random random = new Random(i);
    for (int clip = 0; clip < 4; clip++) {
      int label = (i + clip) % 3;
      labels[clip][label] = 1;
      for (int value = 0; value < values; value++) {
        tokens[clip * values + value] = label - 1 + 0.1f * (float) random.nextGaussian();
      }
    }
    return new DataSet(
        Nd4j.createFromArray(tokens).reshape(4, MODEL.grid().tokens(), MODEL.tubelet().values()),
        Nd4j.createFromArray(labels));
  }
}
