package vivit.model.checkpoint;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * Checks that tensors in Scenic's names form one whole ViT or ViViT: every block complete, shapes
 * consistent, no unknown name. A misnamed, missing or misshapen tensor is thus refused when a file
 * is opened, for any use. docs/vivit.md, 3.1 to 3.3.
 */
final class ScenicTree {

  private static final Pattern BLOCK =
      Pattern.compile("((?:Spatial|Temporal|)Transformer)/encoderblock_(0|[1-9][0-9]{0,5})/(.+)");
  private static final Pattern ROOT =
      Pattern.compile(
          "((?:Spatial|Temporal|)Transformer)"
              + "/(posembed_input/pos_embedding|encoder_norm/(scale|bias))");
  private static final Pattern CLASS_TOKEN =
      Pattern.compile("cls(_(Spatial|Temporal)Transformer)?");
  private static final Pattern DENSE =
      Pattern.compile("(pre_logits|head|output_projection(?:/[a-z][a-z0-9_-]*)?)/(kernel|bias)");
  private static final Pattern IN_BLOCK =
      Pattern.compile(
          "LayerNorm_(0|1|space|time|mlp)/(scale|bias)"
              + "|MultiHeadDotProductAttention_(0|space|time)/(query|key|value|out)/(kernel|bias)"
              + "|MlpBlock(_0)?/Dense_[01]/(kernel|bias)");

  private static final Pattern MODULE =
      Pattern.compile(
          "((Spatial|Temporal|)Transformer|embedding|cls(_(Spatial|Temporal)Transformer)?"
              + "|pre_logits|head|output_projection)(/.*)?",
          Pattern.DOTALL);

  private final String source;
  private final Map<String, TensorEntry> found = new LinkedHashMap<>();
  private final Map<String, long[]> expected = new LinkedHashMap<>();
  private final long width;

  private ScenicTree(String source, List<TensorEntry> tensors) throws CorruptCheckpointException {
    this.source = source;
    tensors.forEach(tensor -> found.put(tensor.name(), tensor));
    requireKnownNames();
    long[] kernel = shape("embedding/kernel");
    boolean possible = kernel.length >= 4 && kernel.length <= 5 && kernel[kernel.length - 2] == 3;
    if (!possible) {
      throw at(
          found.get("embedding/kernel"),
          "has shape %s, expected [(time,) height, width, 3, channels]"
              .formatted(Arrays.toString(kernel)));
    }
    width = kernel[kernel.length - 1];
  }

  /** Refuses tensors that are not one whole model. */
  static void check(String source, List<TensorEntry> tensors) throws CorruptCheckpointException {
    ScenicTree tree = new ScenicTree(source, tensors);
    tree.expectOutside();
    tree.expectEncoders();
    tree.compare();
  }

  /** Whether a name, of old Flax or of Linen, is in a module that models have. */
  static boolean isInModule(String name) {
    return MODULE.matcher(name).matches();
  }

  private void requireKnownNames() throws CorruptCheckpointException {
    List<TensorEntry> unknown =
        found.values().stream().filter(tensor -> !isKnown(tensor.name())).toList();
    if (unknown.size() == found.size()) {
      throw CorruptCheckpointException.at(
          source,
          0,
          "this is not a ViT or ViViT; it holds %s"
              .formatted(found.keySet().stream().limit(3).toList()));
    }
    if (!unknown.isEmpty()) {
      throw at(unknown.get(0), "is not part of a ViT or ViViT");
    }
  }

  private static boolean isKnown(String name) {
    Matcher block = BLOCK.matcher(name);
    return block.matches()
        ? IN_BLOCK.matcher(block.group(3)).matches()
        : name.equals("embedding/kernel")
            || name.equals("embedding/bias")
            || ROOT.matcher(name).matches()
            || CLASS_TOKEN.matcher(name).matches()
            || DENSE.matcher(name).matches();
  }

  private void expectOutside() throws CorruptCheckpointException {
    expected.put("embedding/kernel", shape("embedding/kernel"));
    expected.put("embedding/bias", new long[] {width});
    for (String name : found.keySet()) {
      Matcher dense = DENSE.matcher(name);
      if (CLASS_TOKEN.matcher(name).matches()) {
        expected.put(name, new long[] {1, 1, width});
      } else if (dense.matches()) {
        String layer = dense.group(1) + "/";
        long[] bias = shape(layer + "bias");
        long outputs = bias.length == 1 ? bias[0] : -1;
        expected.put(layer + "kernel", new long[] {inputs(layer), outputs});
        expected.put(layer + "bias", new long[] {outputs});
      }
    }
  }

  /** Inputs of a dense layer: the representation for classifiers, if there is one. */
  private long inputs(String layer) {
    TensorEntry representation = found.get("pre_logits/bias");
    return layer.equals("pre_logits/") || representation == null
        ? width
        : representation.elements();
  }

  private void expectEncoders() throws CorruptCheckpointException {
    Map<String, Set<Integer>> layers = new LinkedHashMap<>();
    Map<String, Boolean> factorised = new HashMap<>();
    for (String name : found.keySet()) {
      Matcher block = BLOCK.matcher(name);
      Matcher root = ROOT.matcher(name);
      if (block.matches()) {
        layers
            .computeIfAbsent(block.group(1), key -> new HashSet<>())
            .add(Integer.parseInt(block.group(2)));
        boolean both = block.group(3).contains("_space/") || block.group(3).contains("_time/");
        factorised.merge(block.group(1), both, Boolean::logicalOr);
      } else if (root.matches()) {
        layers.computeIfAbsent(root.group(1), key -> new HashSet<>());
      }
    }
    for (Map.Entry<String, Set<Integer>> encoder : layers.entrySet()) {
      String root = encoder.getKey() + "/";
      String positions = root + "posembed_input/pos_embedding";
      long[] table = shape(positions);
      expected.put(positions, new long[] {1, table.length == 3 ? table[1] : -1, width});
      expectLayerNorm(root + "encoder_norm");
      for (int layer = 0; layer < encoder.getValue().size(); layer++) {
        expectBlock(root + "encoderblock_" + layer + "/", factorised.get(encoder.getKey()));
      }
    }
    if (layers.isEmpty()) {
      throw CorruptCheckpointException.at(
          source, 0, "there is an embedding but no Transformer, so this is not a ViT");
    }
  }

  private void expectBlock(String block, boolean factorised) throws CorruptCheckpointException {
    List<String> norms = factorised ? List.of("space", "time", "mlp") : List.of("0", "1");
    List<String> attentions = factorised ? List.of("space", "time") : List.of("0");
    for (String norm : norms) {
      expectLayerNorm(block + "LayerNorm_" + norm);
    }
    for (String attention : attentions) {
      expectAttention(block + "MultiHeadDotProductAttention_" + attention + "/");
    }
    String mlp = block + (factorised ? "MlpBlock/" : "MlpBlock_0/");
    long hidden = LongStream.of(shape(mlp + "Dense_0/bias")).sum();
    expected.put(mlp + "Dense_0/kernel", new long[] {width, hidden});
    expected.put(mlp + "Dense_0/bias", new long[] {hidden});
    expected.put(mlp + "Dense_1/kernel", new long[] {hidden, width});
    expected.put(mlp + "Dense_1/bias", new long[] {width});
  }

  private void expectLayerNorm(String name) {
    expected.put(name + "/scale", new long[] {width});
    expected.put(name + "/bias", new long[] {width});
  }

  private void expectAttention(String attention) throws CorruptCheckpointException {
    long[] bias = shape(attention + "query/bias");
    boolean possible = bias.length == 2 && bias[0] >= 1 && bias[1] == width / bias[0];
    if (!possible || width % bias[0] != 0) {
      throw at(
          found.get(attention + "query/bias"),
          "has shape %s, expected heads that divide the width %d"
              .formatted(Arrays.toString(bias), width));
    }
    for (String part : List.of("query", "key", "value")) {
      expected.put(attention + part + "/kernel", new long[] {width, bias[0], bias[1]});
      expected.put(attention + part + "/bias", bias);
    }
    expected.put(attention + "out/kernel", new long[] {bias[0], bias[1], width});
    expected.put(attention + "out/bias", new long[] {width});
  }

  private void compare() throws CorruptCheckpointException {
    for (Map.Entry<String, long[]> tensor : expected.entrySet()) {
      if (!Arrays.equals(shape(tensor.getKey()), tensor.getValue())) {
        throw at(
            found.get(tensor.getKey()),
            "has shape %s, expected %s by the others"
                .formatted(
                    Arrays.toString(shape(tensor.getKey())), Arrays.toString(tensor.getValue())));
      }
    }
    for (TensorEntry tensor : found.values()) {
      if (!expected.containsKey(tensor.name())) {
        throw at(tensor, "belongs to another kind of block than the others");
      }
    }
  }

  private long[] shape(String name) throws CorruptCheckpointException {
    TensorEntry tensor = found.get(name);
    if (tensor == null) {
      throw CorruptCheckpointException.at(source, 0, "tensor %s is missing".formatted(name));
    }
    return tensor.shape();
  }

  private CorruptCheckpointException at(TensorEntry tensor, String problem) {
    return tensor.at(source, problem);
  }
}
