package vivit.model.initialise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.Optimiser;
import vivit.model.dl4j.TrainingStep;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.Initialiser.ParameterValues;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.Randomness;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;

/** Effect of the choices for Model 3's temporal attention on training; docs/vivit.md, 4.4. */
class TemporalAttentionTest {
  private static final int CLIPS = 2;
  private static final int STEPS = 3;
  private static final List<String> KERNELS =
      List.of("query/kernel", "key/kernel", "value/kernel", "out/kernel");
  private static final ViViTConfig MODEL =
      new ViViTConfig(
          new ClipShape(6, 6, 6),
          new Tubelet(2, 2, 2),
          12,
          3,
          20,
          new FactorisedSelfAttention(2, AttentionOrder.SPACE_TIME),
          Readout.MEAN,
          0,
          List.of(TinyModels.CLASSES));

  @Test
  void allZerosNeverLearn() throws IOException {
    ComputationGraph graph = start(TemporalAttention.ZERO);
    try (TrainingStep step = new TrainingStep(graph, new Optimiser(0, 0))) {
      for (int i = 0; i < STEPS; i++) {
        train(step);
        for (int block = 0; block < 2; block++) {
          for (String kernel : KERNELS) {
            assertThat(of(step.states().get(0), block, kernel)).as(kernel).containsOnly(0);
          }
          assertThat(of(step.states().get(0), block, "out/bias")).doesNotContain(0);
        }
      }
    }
    graph.close();
  }

  @Test
  void aZeroOutputLearnsInTwoSteps() throws IOException {
    ComputationGraph graph = start(TemporalAttention.ZERO_OUTPUT);
    try (TrainingStep step = new TrainingStep(graph, new Optimiser(0, 0))) {
      train(step);
      assertThat(of(step.states().get(0), 0, "out/kernel")).doesNotContain(0);
      train(step);
      for (int block = 0; block < 2; block++) {
        for (String kernel : KERNELS) {
          assertThat(of(step.states().get(0), block, kernel)).as(kernel).doesNotContain(0);
        }
      }
    }
    graph.close();
  }

  /** With a zero temporal output, a block computes the image's block, frame by frame. */
  @Test
  void bothStartAsTheImageModel() throws IOException {
    try (INDArray tokens = TinyModels.tokens(MODEL, CLIPS, DataType.FLOAT)) {
      ComputationGraph zero = start(TemporalAttention.ZERO);
      ComputationGraph output = start(TemporalAttention.ZERO_OUTPUT);
      ComputationGraph copy = start(TemporalAttention.COPY);

      float[] expected = ViViTGraph.logits(zero, tokens)[0].ravel().toFloatVector();

      assertThat(ViViTGraph.logits(output, tokens)[0].ravel().toFloatVector()).isEqualTo(expected);
      assertThat(ViViTGraph.logits(copy, tokens)[0].ravel().toFloatVector()).isNotEqualTo(expected);
    }
  }

  /** From an image model, with a classifier that is not zero, so that gradients pass it. */
  private static ComputationGraph start(TemporalAttention choice) throws IOException {
    ComputationGraph graph = ViViTGraph.create(MODEL, 4);
    float[] flat = graph.params().toFloatVector();
    InitialisationOptions defaults = InitialisationOptions.defaults();
    Initialiser.initialise(
        MemorySource.image(3, 2, 12, 3, 20, 2),
        MODEL,
        new InitialisationOptions(
            defaults.kernel(),
            defaults.positions(),
            defaults.unsoundPositions(),
            defaults.sourceReadout(),
            choice,
            defaults.restored()),
        ParameterValues.of(flat));
    Parameter head = ParameterIndex.of(MODEL).parameter("output_projection/kernel");
    Random random = new Random(8);
    for (int i = 0; i < head.length(); i++) {
      flat[(int) head.offset() + i] = (float) random.nextGaussian();
    }
    graph.params().assign(Nd4j.createFromArray(flat).reshape(graph.params().shape()));
    return graph;
  }

  private static void train(TrainingStep step) {
    step.step(
        TinyModels.tokens(MODEL, CLIPS, DataType.FLOAT),
        TinyModels.labels(MODEL, CLIPS, DataType.FLOAT),
        0.05,
        Randomness.none(CLIPS));
  }

  private static float[] of(INDArray flat, int block, String name) throws IOException {
    return ParameterValues.of(flat.ravel().toFloatVector())
        .read(
            ParameterIndex.of(MODEL)
                .parameter(
                    "Transformer/encoderblock_%d/MultiHeadDotProductAttention_time/%s"
                        .formatted(block, name)));
  }
}
