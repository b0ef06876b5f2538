package vivit.model.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import vivit.model.shape.TokenGrid;

/**
 * Lists all parameters of a Hugging Face ViViT with their three names: in Scenic, in published
 * files, and in version 5 of the library, whose module names {@code
 * save_pretrained(save_original_format = False)} writes. docs/vivit.md, 3.1.
 */
final class HuggingFaceNames {

  static final String PREFIX = "vivit.";

  /** Tensors that only the bare {@code VivitModel} has, not the classifier. */
  private static final Set<String> POOLER = Set.of("pooler.dense.weight", "pooler.dense.bias");

  private final HuggingFaceConfig config;
  private final List<HuggingFaceTensor> tensors = new ArrayList<>();

  private HuggingFaceNames(HuggingFaceConfig config) {
    this.config = config;
  }

  /** All tensors, in the order of the library's modules. */
  static List<HuggingFaceTensor> of(HuggingFaceConfig config) {
    HuggingFaceNames names = new HuggingFaceNames(config);
    names.embeddings();
    for (int layer = 0; layer < config.layers(); layer++) {
      names.block(layer);
    }
    names.layerNorm("Transformer/encoder_norm", "layernorm", "layernorm");
    long classes = config.labels().size();
    names.linear(
        "output_projection", "classifier", "classifier", config.hiddenSize(), classes, classes);
    return List.copyOf(names.tensors);
  }

  /** Whether a tensor belongs to the pooler of the bare model, which a classifier lacks. */
  static boolean isPooler(String name) {
    return POOLER.contains(name);
  }

  private void embeddings() {
    long d = config.hiddenSize();
    long t = config.tubelet().frames();
    long h = config.tubelet().height();
    long w = config.tubelet().width();
    TokenGrid grid = config.clip().grid(config.tubelet());
    same("cls", "embeddings.cls_token", 1, 1, d);
    same(
        "Transformer/posembed_input/pos_embedding",
        "embeddings.position_embeddings",
        1,
        1 + (long) grid.time() * grid.height() * grid.width(),
        d);
    String projection = "embeddings.patch_embeddings.projection";
    add(
        "embedding/kernel",
        new long[] {t, h, w, 3, d},
        projection + ".weight",
        projection + ".weight",
        new long[] {d, 3, t, h, w},
        2,
        3,
        4,
        1,
        0);
    same("embedding/bias", projection + ".bias", d);
  }

  private void block(int layer) {
    long d = config.hiddenSize();
    long m = config.mlpSize();
    long heads = config.attentionHeads();
    String scenic = "Transformer/encoderblock_" + layer + "/";
    String hub = "encoder.layer." + layer + ".";
    String module = "layers." + layer + ".";
    String attention = scenic + "MultiHeadDotProductAttention_0/";
    for (String part : List.of("query", "key", "value")) {
      linear(
          attention + part,
          hub + "attention.attention." + part,
          module + "attention." + part.charAt(0) + "_proj",
          d,
          d,
          heads,
          d / heads);
    }
    linear(
        attention + "out",
        new long[] {heads, d / heads, d},
        hub + "attention.output.dense",
        module + "attention.o_proj",
        d,
        d);
    layerNorm(scenic + "LayerNorm_0", hub + "layernorm_before", module + "layernorm_before");
    layerNorm(scenic + "LayerNorm_1", hub + "layernorm_after", module + "layernorm_after");
    String mlp = scenic + "MlpBlock_0/";
    linear(mlp + "Dense_0", hub + "intermediate.dense", module + "mlp.fc1", d, m, m);
    linear(mlp + "Dense_1", hub + "output.dense", module + "mlp.fc2", m, d, d);
  }

  /** Adds a dense layer whose outputs may have several axes in Scenic. */
  private void linear(
      String scenic, String hub, String module, long inputs, long outputs, long... outputAxes) {
    long[] kernel = new long[1 + outputAxes.length];
    kernel[0] = inputs;
    System.arraycopy(outputAxes, 0, kernel, 1, outputAxes.length);
    kernel(scenic, kernel, hub, module, inputs, outputs);
    bias(scenic, hub, module, outputs, outputAxes);
  }

  /** Adds a dense layer whose inputs have several axes in Scenic. */
  private void linear(
      String scenic, long[] kernel, String hub, String module, long inputs, long outputs) {
    kernel(scenic, kernel, hub, module, inputs, outputs);
    bias(scenic, hub, module, outputs, outputs);
  }

  private void kernel(
      String scenic, long[] kernel, String hub, String module, long inputs, long outputs) {
    add(
        scenic + "/kernel",
        kernel,
        hub + ".weight",
        module + ".weight",
        new long[] {outputs, inputs},
        1,
        0);
  }

  private void bias(String scenic, String hub, String module, long outputs, long... axes) {
    add(scenic + "/bias", axes, hub + ".bias", module + ".bias", new long[] {outputs}, 0);
  }

  private void layerNorm(String scenic, String hub, String module) {
    long[] shape = {config.hiddenSize()};
    add(scenic + "/scale", shape, hub + ".weight", module + ".weight", shape, 0);
    add(scenic + "/bias", shape, hub + ".bias", module + ".bias", shape, 0);
  }

  private void same(String scenic, String both, long... shape) {
    int[] order = new int[shape.length];
    for (int axis = 0; axis < order.length; axis++) {
      order[axis] = axis;
    }
    add(scenic, shape, both, both, shape, order);
  }

  private void add(
      String scenic, long[] scenicShape, String hub, String module, long[] stored, int... order) {
    tensors.add(new HuggingFaceTensor(scenic, scenicShape, hub, module, stored, order));
  }

  /**
   * One parameter in PyTorch's and in Scenic's form.
   *
   * @param scenic Scenic's name
   * @param scenicShape Scenic's shape, row-major
   * @param hub name in published files, without the prefix {@code vivit.}
   * @param module name of the module in version 5 of the library, without the prefix
   * @param stored PyTorch's shape
   * @param toScenic order of PyTorch's axes in Scenic's layout
   */
  record HuggingFaceTensor(
      String scenic, long[] scenicShape, String hub, String module, long[] stored, int[] toScenic) {

    float[] toScenic(float[] values) {
      return Axes.permute(values, stored, toScenic);
    }

    float[] toStored(float[] values) {
      return Axes.permute(values, Axes.permuted(stored, toScenic), Axes.inverse(toScenic));
    }

    /** Whether this is a parameter of the backbone, not of the classifier. */
    boolean isInBackbone() {
      return !hub.startsWith("classifier.");
    }

    /** The name in a file of backbone and classifier. */
    String hubInClassifier() {
      return (isInBackbone() ? HuggingFaceNames.PREFIX : "") + hub;
    }
  }
}
