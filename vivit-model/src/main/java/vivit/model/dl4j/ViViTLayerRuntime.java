package vivit.model.dl4j;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.ViViTConfig;
import vivit.model.engine.Engine;
import vivit.model.engine.Engines;
import vivit.model.engine.Tensor;
import vivit.model.network.Backbone;
import vivit.model.network.Backbone.Recompute;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Randomness;

/**
 * The backbone inside a graph: passes DL4J's arrays to {@link Backbone}.
 *
 * <p>Under {@code fit}, drop path uses the model's rate; its seeds derive from the layer's seed and
 * the number of training passes so far.
 */
public final class ViViTLayerRuntime extends BaseLayer<ViViTLayer> {

  private static final long serialVersionUID = 1;

  private transient Optional<ViViTConfig> config = Optional.empty();
  private transient Optional<Network> network = Optional.empty();
  private transient Recompute recompute = Recompute.NOTHING;
  private transient INDArray bound;
  private transient UnaryOperator<Engine> decorator = UnaryOperator.identity();
  private long trainingPasses;

  /** Called by DL4J. */
  ViViTLayerRuntime(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** An engine and the network that runs on it. */
  private record Network(Engine engine, Backbone backbone) {}

  /** Sets the intermediate results that training passes keep. */
  void recompute(Recompute choice) {
    if (network.isPresent() && recompute != choice) {
      release();
    }
    recompute = choice;
  }

  /** Wraps the network's engine from the next pass on. */
  void decorate(UnaryOperator<Engine> wrapping) {
    release();
    decorator = wrapping;
  }

  /**
   * Runs a training pass outside the graph.
   *
   * @param tokens {@code [b, n_t S, t p p 3]}
   * @param representations written, {@code [b, d]}
   */
  void train(INDArray tokens, Randomness randomness, Tensor representations) {
    input = rowMajor(tokens); // must live until the backward pass
    outsideWorkspaces(() -> backbone().train(adopt(input), randomness, representations));
  }

  /** Runs the backward pass of the last {@link #train}; writes the graph's gradients. */
  void backward(Tensor gradient) {
    bindGradients();
    outsideWorkspaces(() -> backbone().backward(gradient));
    clear();
  }

  private void bindGradients() {
    if (bound != gradientsFlattened) {
      backbone().bindGradients(adopt(gradientsFlattened));
      bound = gradientsFlattened;
    }
  }

  /** Frees the network's buffers; the next pass allocates new ones. */
  void release() {
    network.ifPresent(n -> n.engine().close());
    network = Optional.empty();
    bound = null;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            dataType,
            new long[] {input.size(0), config().representation()},
            'c');
    outsideWorkspaces(() -> forward(training, output));
    return output;
  }

  private void forward(boolean training, INDArray output) {
    INDArray tokens = rowMajor(input);
    if (training) {
      input = tokens; // must live until the backward pass
      Randomness randomness = draw(config().dropPathRate(), (int) tokens.size(0));
      trainingPasses++;
      Backbone backbone = backbone();
      backbone.train(adopt(tokens), randomness, adopt(output));
    } else {
      Backbone backbone = backbone();
      backbone.infer(adopt(tokens), adopt(output));
    }
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    Backbone backbone = backbone();
    bindGradients();
    Gradient gradient = new DefaultGradient(gradientsFlattened);
    gradientViews.forEach(gradient::setGradientFor);
    if (layerConf().inputGradient() == ViViTLayer.InputGradient.SKIP) {
      outsideWorkspaces(() -> backbone.backward(adopt(epsilon)));
      return new Pair<>(gradient, null);
    }
    INDArray below =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    outsideWorkspaces(() -> backbone.backward(adopt(epsilon), adopt(below)));
    return new Pair<>(gradient, below);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void close() {
    release();
  }

  private ViViTConfig config() {
    if (config.isEmpty()) {
      config = Optional.of(layerConf().config());
    }
    return config.get();
  }

  /** The engine of the network. */
  Engine engine() {
    return network().engine();
  }

  private Backbone backbone() {
    return network().backbone();
  }

  private Network network() {
    if (network.isEmpty()) {
      Engine engine = decorator.apply(Engines.create(dataType));
      Tensor parameters = engine.adopt(paramsFlattened);
      network =
          Optional.of(new Network(engine, new Backbone(engine, config(), recompute, parameters)));
    }
    return network.get();
  }

  /** Runs outside DL4J's workspaces, because the network's buffers outlive them. */
  private static void outsideWorkspaces(Runnable work) {
    MemoryWorkspace scope = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      work.run();
    } finally {
      scope.close();
    }
  }

  private Randomness draw(double rate, int clips) {
    return rate == 0
        ? Randomness.none(clips)
        : new Randomness(DropPath.draw(rate, clips, layerConf().seed() + trainingPasses));
  }

  private Tensor adopt(INDArray array) {
    return network.orElseThrow().engine().adopt(array);
  }

  private INDArray rowMajor(INDArray array) {
    INDArray typed = array.castTo(dataType);
    boolean gapless = Arrays.equals(typed.stride(), Tensor.rowMajorStrides(typed.shape()));
    return gapless ? typed : typed.dup('c');
  }
}
