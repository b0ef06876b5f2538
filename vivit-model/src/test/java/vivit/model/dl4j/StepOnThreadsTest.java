package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.engine.OneDnnEngine;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.Randomness;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

/** Whole training steps give the same bits on any number of threads. */
@Timeout(120)
class StepOnThreadsTest {

  private static final int CLIPS = 3;

  @ParameterizedTest
  @CsvSource({
    "SPACE_TIME, NOTHING",
    "FACTORISED_ENCODER, NOTHING",
    "FACTORISED_ENCODER, BLOCKS",
    "FACTORISED_SELF_ATTENTION, BLOCKS",
    "FACTORISED_DOT_PRODUCT, NOTHING"
  })
  void parametersAreEqualToTheBit(Variant.Kind kind, Recompute recompute) {
    float[] expected = train(kind, recompute, 1);
    for (int threads : new int[] {2, 3, 7}) {
      assertThat(Arrays.equals(train(kind, recompute, threads), expected))
          .as("%d threads: the bits of one", threads)
          .isTrue();
    }
  }

  /** Parameters, momentum, loss and norm after two steps with dropout and two micro-batches. */
  private static float[] train(Variant.Kind kind, Recompute recompute, int threads) {
    ViViTConfig config = config(kind);
    ComputationGraph graph = ViViTGraph.create(config, 7);
    ViViTGraph.decorate(
        graph,
        unused -> {
          unused.close();
          return new OneDnnEngine(threads);
        });
    ParameterRates rates = ParameterRates.uniform(ViViTGraph.index(graph));
    INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.FLOAT);
    INDArray[] labels = TinyModels.labels(config, CLIPS, DataType.FLOAT);
    long[] seeds = {3, 4, 5};
    Randomness randomness = new Randomness(new DropPath(0.2, seeds), new Dropout(0.1, 0.1, seeds));
    try (TrainingStep step = new TrainingStep(graph, new Optimiser(0.9, 0.1), rates, recompute)) {
      TrainingStep.Result result = step.step(tokens, labels, 0.1, randomness);
      step.accumulate(tokens, labels, randomness);
      step.accumulate(tokens, labels, randomness);
      TrainingStep.Result second = step.update(1, 0.1, 0.01);
      float[] parameters = step.parameters().toFloatVector();
      float[] momentum = step.states().get(0).toFloatVector();
      float[] all = Arrays.copyOf(parameters, parameters.length + momentum.length + 4);
      System.arraycopy(momentum, 0, all, parameters.length, momentum.length);
      all[all.length - 4] = (float) result.lossSum();
      all[all.length - 3] = (float) result.gradientNorm();
      all[all.length - 2] = (float) second.lossSum();
      all[all.length - 1] = (float) second.gradientNorm();
      return all;
    } finally {
      graph.close();
      tokens.close();
      for (INDArray rows : labels) {
        rows.close();
      }
    }
  }

  /** Large enough for gradients that are sums of parts. */
  private static ViViTConfig config(Variant.Kind kind) {
    boolean token =
        kind != Variant.Kind.FACTORISED_SELF_ATTENTION
            && kind != Variant.Kind.FACTORISED_DOT_PRODUCT;
    return new ViViTConfig(
        new ClipShape(8, 64, 64),
        new Tubelet(2, 8, 8),
        400,
        4,
        768,
        kind.of(1, 1, AttentionOrder.SPACE_TIME),
        token ? Readout.TOKEN : Readout.MEAN,
        0.2,
        List.of(TinyModels.NOUN, TinyModels.VERB));
  }
}
