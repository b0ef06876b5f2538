package vivit.model.initialise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import vivit.model.checkpoint.ElementType;
import vivit.model.checkpoint.TensorEntry;
import vivit.model.checkpoint.TensorSource;
import vivit.model.checkpoint.TensorSource.Format;
import vivit.model.parameter.ParameterIndex;

/** A checkpoint in memory with seeded numbers, which tests alter. */
final class MemorySource implements TensorSource {
  private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
  private final Map<String, float[]> values = new LinkedHashMap<>();
  private final List<String> read = new ArrayList<>();

  /** An image ViT: tensors of a square map of {@code side * side} patches. */
  static MemorySource image(int side, int layers, int width, int heads, int mlp, int patch) {
    MemorySource source = new MemorySource();
    source.put("embedding/kernel", patch, patch, 3, width);
    source.put("embedding/bias", width);
    source.put("cls", 1, 1, width);
    source.put("Transformer/posembed_input/pos_embedding", 1, (long) side * side + 1, width);
    for (int i = 0; i < layers; i++) {
      String block = "Transformer/encoderblock_" + i + "/";
      String attention = block + "MultiHeadDotProductAttention_0/";
      for (String part : List.of("query", "key", "value")) {
        source.put(attention + part + "/kernel", width, heads, width / heads);
        source.put(attention + part + "/bias", heads, width / heads);
      }
      source.put(attention + "out/kernel", heads, width / heads, width);
      source.put(attention + "out/bias", width);
      source.put(block + "MlpBlock_0/Dense_0/kernel", width, mlp);
      source.put(block + "MlpBlock_0/Dense_0/bias", mlp);
      source.put(block + "MlpBlock_0/Dense_1/kernel", mlp, width);
      source.put(block + "MlpBlock_0/Dense_1/bias", width);
      for (String norm : List.of("LayerNorm_0", "LayerNorm_1")) {
        source.put(block + norm + "/scale", width);
        source.put(block + norm + "/bias", width);
      }
    }
    source.put("Transformer/encoder_norm/scale", width);
    source.put("Transformer/encoder_norm/bias", width);
    source.put("pre_logits/kernel", width, width);
    source.put("pre_logits/bias", width);
    source.put("head/kernel", width, 9);
    source.put("head/bias", 9);
    return source;
  }

  /** A video model. */
  static MemorySource of(ParameterIndex index) {
    MemorySource source = new MemorySource();
    index.parameters().forEach(parameter -> source.put(parameter.name(), parameter.shape()));
    return source;
  }

  MemorySource put(String name, long... shape) {
    TensorEntry entry = TensorEntry.of(name, ElementType.F32, shape);
    Random random = new Random(name.hashCode());
    float[] numbers = new float[(int) entry.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (0.3 * random.nextGaussian());
    }
    entries.put(name, entry);
    values.put(name, numbers);
    return this;
  }

  MemorySource remove(String name) {
    if (entries.remove(name) == null) {
      throw new IllegalArgumentException(name);
    }
    return this;
  }

  MemorySource rename(String from, String to) {
    long[] shape = entries.get(from).shape();
    return remove(from).put(to, shape);
  }

  float[] values(String name) {
    return values.get(name);
  }

  /** Names of the tensors whose numbers were read. */
  List<String> read() {
    return read;
  }

  @Override
  public String name() {
    return "vit.npz";
  }

  @Override
  public Format format() {
    return Format.VIT_NPZ;
  }

  @Override
  public List<TensorEntry> tensors() {
    return List.copyOf(entries.values());
  }

  @Override
  public float[] floats(String name) {
    read.add(name);
    return Arrays.copyOf(values.get(name), values.get(name).length);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public void close() {}
}
