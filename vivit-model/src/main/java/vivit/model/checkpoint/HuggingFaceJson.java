package vivit.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import vivit.model.Head.Loss;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;

/** Reads and writes {@code config.json} with the keys of the library. */
final class HuggingFaceJson {

  private static final String ARCHITECTURE = "VivitForVideoClassification";
  private static final String MULTI_LABEL = "multi_label_classification";
  private static final double EPSILON = 1e-6;
  private static final int MOST_LABELS = 1_000_000;

  /** Names of the tanh form of GELU; {@code gelu} is the erf form. */
  private static final Set<String> TANH_GELU = Set.of("gelu_fast", "gelu_new", "gelu_pytorch_tanh");

  private final Bytes file;
  private final ObjectNode root;

  private HuggingFaceJson(Bytes file, ObjectNode root) {
    this.file = file;
    this.root = root;
  }

  static HuggingFaceConfig read(Bytes file) throws IOException {
    return new HuggingFaceJson(file, StrictJson.read(file)).config();
  }

  private HuggingFaceConfig config() throws CorruptCheckpointException {
    requireSame("model_type", root.path("model_type").asText(), "vivit");
    requireSame("num_channels", Integer.toString(integer("num_channels", 3)), "3");
    requireSame("qkv_bias", root.path("qkv_bias").asText("true"), "true");
    double epsilon = root.path("layer_norm_eps").asDouble(EPSILON);
    requireSame("layer_norm_eps", Double.toString(epsilon), Double.toString(EPSILON));
    String activation = root.path("hidden_act").asText("gelu_fast");
    if (!TANH_GELU.contains(activation)) {
      throw refuse("hidden_act is %s, expected the tanh form gelu_fast".formatted(activation));
    }
    int width = integer("hidden_size");
    int heads = integer("num_attention_heads");
    if (root.has("head_dim") && heads > 0 && integer("head_dim") != width / heads) {
      throw refuse(
          "head_dim is %s, expected hidden_size / num_attention_heads"
              .formatted(root.get("head_dim")));
    }
    List<Integer> image = integers("image_size");
    if (image.size() > 2) {
      throw refuse("image_size is %s, expected one number or two".formatted(image));
    }
    List<Integer> tubelet = integers("tubelet_size");
    if (tubelet.size() != 3) {
      throw refuse("tubelet_size is %s, expected frames, height and width".formatted(tubelet));
    }
    try {
      return new HuggingFaceConfig(
          new ClipShape(integer("num_frames"), image.get(0), image.get(image.size() - 1)),
          new Tubelet(tubelet.get(0), tubelet.get(1), tubelet.get(2)),
          width,
          integer("num_hidden_layers"),
          heads,
          integer("intermediate_size"),
          labels(),
          root.path("problem_type").asText().equals(MULTI_LABEL) ? Loss.SIGMOID : Loss.SOFTMAX);
    } catch (IllegalArgumentException e) {
      throw CorruptCheckpointException.at(file.name(), 0, e.getMessage(), e);
    }
  }

  /**
   * Reads {@code id2label}, which the library omits for its default of two classes without names.
   */
  private List<String> labels() throws CorruptCheckpointException {
    JsonNode names = root.path("id2label");
    if (!names.isObject()) {
      int count = integer("num_labels", 2);
      if (count < 1 || count > MOST_LABELS) {
        throw refuse("num_labels is " + count);
      }
      return namelessLabels(count);
    }
    List<String> labels = new ArrayList<>();
    for (int id = 0; id < names.size(); id++) {
      JsonNode name = names.get(Integer.toString(id));
      if (name == null || !name.isValueNode()) {
        throw refuse("id2label has %d names, but none for class %d".formatted(names.size(), id));
      }
      labels.add(name.asText());
    }
    return labels;
  }

  /** The library's default class names, {@code LABEL_0, LABEL_1, ...}. */
  static List<String> namelessLabels(int count) {
    return IntStream.range(0, count).mapToObj(id -> "LABEL_" + id).toList();
  }

  private int integer(String key) throws CorruptCheckpointException {
    if (!root.has(key)) {
      throw refuse(key + " is missing");
    }
    return integer(key, 0);
  }

  private int integer(String key, int whenAbsent) throws CorruptCheckpointException {
    return root.has(key) ? integer(key, root.get(key)) : whenAbsent;
  }

  private int integer(String key, JsonNode node) throws CorruptCheckpointException {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw refuse("%s is %s, expected a whole number".formatted(key, StrictJson.brief(node)));
    }
    return node.asInt();
  }

  /** One number or a list of them. */
  private List<Integer> integers(String key) throws CorruptCheckpointException {
    JsonNode node = root.path(key);
    if (!node.isArray()) {
      return List.of(integer(key));
    }
    List<Integer> sizes = new ArrayList<>();
    for (JsonNode size : node) {
      sizes.add(integer(key, size));
    }
    if (sizes.isEmpty()) {
      throw refuse(key + " is empty");
    }
    return sizes;
  }

  private void requireSame(String key, String found, String expected)
      throws CorruptCheckpointException {
    if (!found.equals(expected)) {
      throw refuse("%s is %s, but this model is always %s".formatted(key, found, expected));
    }
  }

  private CorruptCheckpointException refuse(String problem) {
    return CorruptCheckpointException.at(file.name(), 0, problem);
  }

  static byte[] write(HuggingFaceConfig config) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.putArray("architectures").add(ARCHITECTURE);
    root.put("attention_probs_dropout_prob", 0.0);
    root.put("hidden_act", "gelu_fast");
    root.put("hidden_dropout_prob", 0.0);
    root.put("hidden_size", config.hiddenSize());
    ObjectNode names = root.putObject("id2label");
    ObjectNode ids = StrictJson.MAPPER.createObjectNode();
    for (int id = 0; id < config.labels().size(); id++) {
      names.put(Integer.toString(id), config.labels().get(id));
      ids.put(config.labels().get(id), id);
    }
    if (config.clip().height() == config.clip().width()) {
      root.put("image_size", config.clip().height());
    } else {
      root.putArray("image_size").add(config.clip().height()).add(config.clip().width());
    }
    root.put("initializer_range", 0.02);
    root.put("intermediate_size", config.mlpSize());
    root.set("label2id", ids);
    root.put("layer_norm_eps", EPSILON);
    root.put("model_type", "vivit");
    root.put("num_attention_heads", config.attentionHeads());
    root.put("num_channels", 3);
    root.put("num_frames", config.clip().frames());
    root.put("num_hidden_layers", config.layers());
    root.put(
        "problem_type",
        config.loss() == Loss.SIGMOID ? MULTI_LABEL : "single_label_classification");
    root.put("qkv_bias", true);
    root.put("torch_dtype", "float32");
    root.putArray("tubelet_size")
        .add(config.tubelet().frames())
        .add(config.tubelet().height())
        .add(config.tubelet().width());
    return StrictJson.write(root);
  }
}
