package vivit.spark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vivit.model.Preset;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.ElementType;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource;
import vivit.model.checkpoint.TensorSource.Format;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;

/** A checkpoint without its numbers: enough to plan what a model would start from. */
record Outline(String name, Format format, List<TensorEntry> tensors) implements TensorSource {

  /** A published image ViT with 16 x 16 patches at 224 x 224 pixels, as ImageNet-21k left it. */
  static Outline image(String name, Preset preset) {
    long d = preset.width();
    long heads = preset.attentionHeads();
    long mlp = preset.mlpWidth();
    List<TensorEntry> tensors = new ArrayList<>();
    add(tensors, "cls", 1, 1, d);
    add(tensors, "embedding/kernel", 16, 16, 3, d);
    add(tensors, "embedding/bias", d);
    add(tensors, "Transformer/posembed_input/pos_embedding", 1, 197, d);
    for (int i = 0; i < preset.layers(); i++) {
      String block = "Transformer/encoderblock_" + i + "/";
      norm(tensors, block + "LayerNorm_0", d);
      String attention = block + "MultiHeadDotProductAttention_0/";
      for (String part : List.of("query", "key", "value")) {
        add(tensors, attention + part + "/kernel", d, heads, d / heads);
        add(tensors, attention + part + "/bias", heads, d / heads);
      }
      add(tensors, attention + "out/kernel", heads, d / heads, d);
      add(tensors, attention + "out/bias", d);
      norm(tensors, block + "LayerNorm_1", d);
      add(tensors, block + "MlpBlock_0/Dense_0/kernel", d, mlp);
      add(tensors, block + "MlpBlock_0/Dense_0/bias", mlp);
      add(tensors, block + "MlpBlock_0/Dense_1/kernel", mlp, d);
      add(tensors, block + "MlpBlock_0/Dense_1/bias", d);
    }
    norm(tensors, "Transformer/encoder_norm", d);
    add(tensors, "pre_logits/kernel", d, d);
    add(tensors, "pre_logits/bias", d);
    add(tensors, "head/kernel", d, 21_843);
    add(tensors, "head/bias", 21_843);
    return new Outline(name, Format.VIT_NPZ, tensors);
  }

  /** What a run of this model leaves behind. */
  static Outline run(String name, ViViTConfig model) {
    List<TensorEntry> tensors = new ArrayList<>();
    for (Parameter parameter : ParameterIndex.of(model).parameters()) {
      add(tensors, parameter.name(), parameter.shape());
    }
    return new Outline(name, Format.SAFETENSORS, tensors);
  }

  @Override
  public float[] floats(String tensor) {
    throw new UnsupportedOperationException("an outline has no numbers of " + tensor);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public void close() {}

  private static void norm(List<TensorEntry> tensors, String name, long width) {
    add(tensors, name + "/scale", width);
    add(tensors, name + "/bias", width);
  }

  private static void add(List<TensorEntry> tensors, String name, long... shape) {
    tensors.add(TensorEntry.of(name, ElementType.F32, shape));
  }
}
