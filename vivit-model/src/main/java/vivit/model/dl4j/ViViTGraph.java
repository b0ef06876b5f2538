package vivit.model.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.ViViTConfig;
import vivit.model.engine.Engine;
import vivit.model.parameter.ParameterIndex;

/**
 * Builds a ViViT as an ordinary DL4J graph: input {@code tokens}, layer {@code vivit}, one softmax
 * or sigmoid output layer per head, named as the head. Tokens are flattened tubelets {@code [b, n_t
 * S, t p p 3]} of pixels in [-1, 1].
 *
 * <p>The loss is the mean of the heads' cross-entropies. {@code fit} trains with {@link Momentum};
 * {@link TrainingStep} adds clipping, weight decay and micro-batches.
 */
public final class ViViTGraph {

  /** Name of the graph's only input. */
  public static final String INPUT = "tokens";

  /** Name of the backbone's vertex. */
  public static final String BACKBONE = "vivit";

  private static final double LEARNING_RATE = 0.1;
  private static final double MOMENTUM = 0.9;

  private ViViTGraph() {}

  /** Creates a float32 graph, initialised from the seed; docs/vivit.md, 2.10. */
  public static ComputationGraph create(ViViTConfig config, long seed) {
    return create(config, seed, DataType.FLOAT);
  }

  /** Creates a graph in float or double. */
  public static ComputationGraph create(ViViTConfig config, long seed, DataType type) {
    ComputationGraph graph = new ComputationGraph(configuration(config, seed, type));
    graph.init();
    return graph;
  }

  /** Creates the configuration of the graph, which a caller may change before building it. */
  public static ComputationGraphConfiguration configuration(
      ViViTConfig config, long seed, DataType type) {
    ComputationGraphConfiguration.GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .dataType(type)
            .updater(new Momentum(LEARNING_RATE, MOMENTUM))
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder()
            .addInputs(INPUT)
            .addLayer(BACKBONE, new ViViTLayer.Builder(config, seed).build(), INPUT);
    for (Head head : config.heads()) {
      if (head.name().equals(INPUT) || head.name().equals(BACKBONE)) {
        throw new IllegalArgumentException(
            "No head can be called '%s', which is another part of the graph; choose another name"
                .formatted(head.name()));
      }
      builder.addLayer(head.name(), outputLayer(config, head), BACKBONE);
    }
    return builder
        .setOutputs(config.heads().stream().map(Head::name).toArray(String[]::new))
        .build();
  }

  private static OutputLayer outputLayer(ViViTConfig config, Head head) {
    return new OutputLayer.Builder(loss(head, 1.0 / config.heads().size()))
        .nIn(config.representation())
        .nOut(head.classes())
        .activation(head.loss() == Loss.SIGMOID ? Activation.SIGMOID : Activation.SOFTMAX)
        .weightInit(WeightInit.ZERO)
        .build();
  }

  private static ILossFunction loss(Head head, double weight) {
    return head.loss() == Loss.SIGMOID
        ? new SigmoidCrossEntropy(weight)
        : new SoftmaxCrossEntropy(weight);
  }

  /** The model of a graph. */
  public static ViViTConfig config(ComputationGraph graph) {
    return backbone(graph).layerConf().config();
  }

  /** Names, shapes and offsets of the parameters in {@code graph.params()}. */
  public static ParameterIndex index(ComputationGraph graph) {
    ViViTConfig config = config(graph);
    ParameterIndex index = ParameterIndex.of(config);
    List<String> expected = new ArrayList<>(List.of(BACKBONE));
    config.heads().forEach(head -> expected.add(head.name()));
    List<String> found =
        Arrays.stream(graph.topologicalSortOrder())
            .mapToObj(i -> graph.getVertices()[i])
            .filter(vertex -> vertex.hasLayer())
            .map(vertex -> vertex.getVertexName())
            .toList();
    if (!found.equals(expected) || index.length() != graph.numParams()) {
      throw new IllegalStateException(
          "The graph's layers are %s with %d parameters, expected %s with %d"
              .formatted(found, graph.numParams(), expected, index.length()));
    }
    return index;
  }

  /**
   * Computes the logits per head, in the order of the heads, {@code [b, k]} each.
   *
   * @param tokens {@code [b, n_t S, t p p 3]}
   * @return closed by the caller
   */
  public static INDArray[] logits(ComputationGraph graph, INDArray tokens) {
    ViViTConfig config = config(graph);
    ViViTLayerRuntime backbone = backbone(graph);
    backbone.setInput(tokens, LayerWorkspaceMgr.noWorkspaces());
    try (INDArray representations = backbone.activate(false, LayerWorkspaceMgr.noWorkspaces())) {
      return config.heads().stream()
          .map(head -> logits(graph.getLayer(head.name()), representations))
          .toArray(INDArray[]::new);
    } finally {
      backbone.clear();
    }
  }

  /**
   * Wraps the engine of a graph's network, to observe its calls. The next pass reallocates the
   * buffers of the network, so call this only between steps, not between a forward and a backward
   * pass.
   *
   * @param wrapping takes the engine and returns its wrapper, which closes the engine when closed
   */
  public static void decorate(ComputationGraph graph, UnaryOperator<Engine> wrapping) {
    backbone(graph).decorate(wrapping);
  }

  static INDArray logits(Layer head, INDArray representations) {
    return representations.mmul(head.getParam("W")).addiRowVector(head.getParam("b"));
  }

  static ViViTLayerRuntime backbone(ComputationGraph graph) {
    if (graph.getConfiguration().getVertices().containsKey(BACKBONE)
        && graph.getLayer(BACKBONE) instanceof ViViTLayerRuntime backbone) {
      return backbone;
    }
    throw new IllegalArgumentException("The graph has no layer " + BACKBONE + "; is it a ViViT?");
  }
}
