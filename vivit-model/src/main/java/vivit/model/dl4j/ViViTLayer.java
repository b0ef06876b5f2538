package vivit.model.dl4j;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import vivit.model.ModelDescription;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;

/**
 * Configuration of the backbone as a DL4J layer: tokens {@code [b, n_t S, t p p 3]} in, clip
 * representations {@code [b, d]} out. Written to JSON by field, as DL4J does with all layers.
 */
@JsonAutoDetect(
    fieldVisibility = JsonAutoDetect.Visibility.ANY,
    getterVisibility = JsonAutoDetect.Visibility.NONE,
    isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public final class ViViTLayer extends FeedForwardLayer {

  private static final long serialVersionUID = 1;

  /** {@link ModelDescription} as JSON. */
  private String model;

  private long seed;
  private InputGradient inputGradient;

  /** Whether the backward pass computes the gradient with respect to the tokens. */
  public enum InputGradient {
    /** Skips the gradient: the tokens are data. */
    SKIP,
    /** Computes the gradient: a layer below the tokens is trained. */
    COMPUTE
  }

  /** Used by JSON deserialisation. */
  @SuppressWarnings("unused")
  private ViViTLayer() {}

  private ViViTLayer(Builder builder) {
    super(builder);
    model = ModelDescription.of(builder.config).json();
    seed = builder.seed;
    inputGradient = builder.inputGradient;
  }

  /** The model whose backbone this layer is. */
  public ViViTConfig config() {
    return ModelDescription.parse(model).config();
  }

  /** Seed of the initial values, and of drop path under {@code fit}. */
  public long seed() {
    return seed;
  }

  InputGradient inputGradient() {
    return inputGradient;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    ViViTLayerRuntime layer = new ViViTLayerRuntime(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    Map<String, INDArray> table = initializer().init(conf, parameters, initialise);
    layer.setParamTable(table);
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return ViViTParameters.INSTANCE;
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return InputType.feedForward(nOut);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // nIn is the size of a tubelet, which the model determines
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long parameters = ParameterIndex.backbone(config()).length();
    return new LayerMemoryReport.Builder(
            layerName, ViViTLayer.class, input, getOutputType(0, input))
        .standardMemory(parameters, parameters)
        .workingMemory(0, 0, MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }

  /** Builds the layer for a model. */
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final ViViTConfig config;
    private final long seed;
    private InputGradient inputGradient = InputGradient.SKIP;

    /** Starts a layer for a model, initialised from a seed. */
    public Builder(ViViTConfig config, long seed) {
      this.config = config;
      this.seed = seed;
      nIn(config.tubelet().values());
      nOut(config.representation());
      activation(new ActivationIdentity());
    }

    /** Whether to compute the gradient with respect to the tokens; {@code SKIP} by default. */
    public Builder inputGradient(InputGradient choice) {
      inputGradient = choice;
      return this;
    }

    @Override
    // DL4J declares its builders to return whatever type their caller expects
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <E extends org.deeplearning4j.nn.conf.layers.Layer> E build() {
      return (E) new ViViTLayer(this);
    }
  }
}
