package vivit.model.dl4j;

import java.util.Arrays;
import java.util.Optional;
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
import vivit.model.engine.Nd4jEngine;
import vivit.model.engine.Tensor;
import vivit.model.network.Backbone;
import vivit.model.regularise.DropMasks;
import vivit.model.regularise.DropPath;

/**
 * The backbone inside a graph: hands DL4J's arrays to {@link Backbone} and back.
 *
 * <p>Under plain {@code fit}, drop path uses the model's rate and seeds drawn from the layer's seed
 * and the number of training passes so far; {@link #dropNext} gives the masks of one pass instead.
 */
public final class ViViTLayerRuntime extends BaseLayer<ViViTLayer> {

  private static final long serialVersionUID = 1;

  private transient Optional<ViViTConfig> config = Optional.empty();
  private transient Optional<Network> network = Optional.empty();
  private transient Optional<DropMasks> nextMasks = Optional.empty();
  private transient Optional<INDArray> representations = Optional.empty();
  private long trainingPasses;

  /** Called by DL4J. */
  ViViTLayerRuntime(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** An engine and the network on it. */
  private record Network(Engine engine, Backbone backbone) {}

  /** Masks of the next training pass, and only of that. */
  void dropNext(DropMasks masks) {
    nextMasks = Optional.of(masks);
  }

  /** The output {@code [b, d]} of the last training pass; the caller may close it. */
  INDArray takeRepresentations() {
    INDArray last = representations.orElseThrow();
    representations = Optional.empty();
    return last;
  }

  /** Frees the network's buffers; the next pass makes new ones. */
  void release() {
    network.ifPresent(n -> n.engine().close());
    network = Optional.empty();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, dataType, new long[] {input.size(0), config().width()}, 'c');
    outsideWorkspaces(() -> forward(training, output));
    return output;
  }

  private void forward(boolean training, INDArray output) {
    INDArray tokens = rowMajor(input);
    if (training) {
      input = tokens; // must live until the backward pass
      DropMasks masks =
          nextMasks.orElseGet(() -> drawMasks(config().dropPathRate(), (int) tokens.size(0)));
      nextMasks = Optional.empty();
      trainingPasses++;
      backbone().train(tokens, masks, output);
      representations = Optional.of(output);
    } else {
      backbone().infer(tokens, output);
    }
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    Backbone backbone = backbone();
    backbone.bindGradients(gradientsFlattened);
    Gradient gradient = new DefaultGradient(gradientsFlattened);
    gradientViews.forEach(gradient::setGradientFor);
    if (layerConf().inputGradient() == ViViTLayer.InputGradient.SKIP) {
      outsideWorkspaces(() -> backbone.backward(epsilon));
      return new Pair<>(gradient, null);
    }
    INDArray below =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    outsideWorkspaces(() -> backbone.backward(epsilon, below));
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

  private Backbone backbone() {
    if (network.isEmpty()) {
      Engine engine = new Nd4jEngine(dataType);
      network = Optional.of(new Network(engine, new Backbone(engine, config(), paramsFlattened)));
    }
    return network.get().backbone();
  }

  /** The network's buffers outlive whatever workspace is open. */
  private static void outsideWorkspaces(Runnable work) {
    MemoryWorkspace scope = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      work.run();
    } finally {
      scope.close();
    }
  }

  private DropMasks drawMasks(double rate, int clips) {
    return rate == 0
        ? DropPath.none(clips)
        : DropPath.draw(rate, clips, layerConf().seed() + trainingPasses);
  }

  private INDArray rowMajor(INDArray array) {
    INDArray typed = array.castTo(dataType);
    boolean gapless = Arrays.equals(typed.stride(), Tensor.rowMajorStrides(typed.shape()));
    return gapless ? typed : typed.dup('c');
  }
}
