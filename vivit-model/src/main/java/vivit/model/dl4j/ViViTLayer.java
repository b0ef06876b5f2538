package vivit.model.dl4j;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.Variant;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;

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

  private int[] clip;
  private int[] tubelet;
  private int attentionHeads;
  private int mlpWidth;
  private int spatialLayers;

  /** 0 for the average-pool baseline. */
  private int temporalLayers;

  private Readout readout;
  private double dropPathRate;
  private int sampledFrames;
  private List<String> headNames;
  private List<Integer> headClasses;
  private long seed;
  private InputGradient inputGradient;

  /** Whether the backward pass goes on below the tokens. */
  public enum InputGradient {
    /** The tokens are data. */
    SKIP,
    /** Something below the tokens is trained. */
    COMPUTE
  }

  /** For JSON. */
  @SuppressWarnings("unused")
  private ViViTLayer() {}

  private ViViTLayer(Builder builder) {
    super(builder);
    ViViTConfig config = builder.config;
    clip = new int[] {config.clip().frames(), config.clip().height(), config.clip().width()};
    tubelet =
        new int[] {config.tubelet().frames(), config.tubelet().height(), config.tubelet().width()};
    attentionHeads = config.attentionHeads();
    mlpWidth = config.mlpWidth();
    spatialLayers = config.variant().spatialLayers();
    temporalLayers =
        config.variant() instanceof Variant.FactorisedEncoder factorised
            ? factorised.temporalLayers()
            : 0;
    readout = config.readout();
    dropPathRate = config.dropPathRate();
    sampledFrames = config.sampledFrames();
    headNames = config.heads().stream().map(Head::name).toList();
    headClasses = config.heads().stream().map(Head::classes).toList();
    seed = builder.seed;
    inputGradient = builder.inputGradient;
  }

  /** The model this layer is the backbone of. */
  public ViViTConfig config() {
    List<Head> heads = new ArrayList<>();
    for (int head = 0; head < headNames.size(); head++) {
      heads.add(new Head(headNames.get(head), headClasses.get(head)));
    }
    return new ViViTConfig(
        new ClipShape(clip[0], clip[1], clip[2]),
        new Tubelet(tubelet[0], tubelet[1], tubelet[2]),
        Math.toIntExact(nOut),
        attentionHeads,
        mlpWidth,
        temporalLayers == 0
            ? new Variant.AveragePool(spatialLayers)
            : new Variant.FactorisedEncoder(spatialLayers, temporalLayers),
        readout,
        dropPathRate,
        heads,
        sampledFrames);
  }

  /** Seed of the initial values, and of drop path under plain {@code fit}. */
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
    // nIn is the size of a tubelet and given by the model
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

    /** For this model, initialised from this seed. */
    public Builder(ViViTConfig config, long seed) {
      this.config = config;
      this.seed = seed;
      nIn(config.tubelet().values());
      nOut(config.width());
      activation(new ActivationIdentity());
    }

    /** Whether to compute the gradient at the tokens; {@code SKIP} unless said. */
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
