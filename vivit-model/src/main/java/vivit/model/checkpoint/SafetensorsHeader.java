package vivit.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON in front of a safetensors file: tensors in the order of their bytes, and metadata. */
record SafetensorsHeader(List<TensorEntry> tensors, Map<String, String> metadata) {

  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Tensors one behind the other, in the given order. */
  static SafetensorsHeader layOut(List<TensorEntry> tensors, Map<String, String> metadata) {
    List<TensorEntry> placed = new ArrayList<>();
    long end = 0;
    for (TensorEntry tensor : tensors) {
      placed.add(new TensorEntry(tensor.name(), tensor.type(), tensor.shape(), end));
      end += tensor.bytes();
    }
    return new SafetensorsHeader(placed, new LinkedHashMap<>(metadata));
  }

  /** UTF-8 JSON, padded with spaces to a multiple of 8 bytes. */
  byte[] toJson() {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(METADATA);
      metadata.forEach(node::put);
    }
    for (TensorEntry tensor : tensors) {
      ObjectNode node = root.putObject(tensor.name());
      node.put("dtype", tensor.type().name());
      ArrayNode shape = node.putArray("shape");
      Arrays.stream(tensor.shape()).forEach(shape::add);
      node.putArray("data_offsets").add(tensor.offset()).add(tensor.offset() + tensor.bytes());
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  /** Parses and checks: known types, sizes that match shapes, no gaps and no overlaps. */
  static SafetensorsHeader parse(byte[] json, String source) throws CorruptCheckpointException {
    JsonNode root;
    try {
      root = JSON.readTree(new String(json, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new CorruptCheckpointException(
          "Cannot read %s: the header is not JSON: %s".formatted(source, e.getOriginalMessage()),
          e);
    }
    if (!root.isObject()) {
      throw new CorruptCheckpointException(
          "Cannot read %s: the header is not a JSON object".formatted(source));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    root.path(METADATA)
        .fields()
        .forEachRemaining(e -> metadata.put(e.getKey(), e.getValue().asText()));
    List<TensorEntry> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : (Iterable<Map.Entry<String, JsonNode>>) root::fields) {
      if (!field.getKey().equals(METADATA)) {
        tensors.add(tensor(field.getKey(), field.getValue(), source));
      }
    }
    tensors.sort(Comparator.comparingLong(TensorEntry::offset));
    long end = 0;
    for (TensorEntry tensor : tensors) {
      if (tensor.offset() != end) {
        throw new CorruptCheckpointException(
            "Cannot read %s: tensor %s starts at byte %d of the data, expected %d"
                .formatted(source, tensor.name(), tensor.offset(), end));
      }
      end += tensor.bytes();
    }
    return new SafetensorsHeader(tensors, metadata);
  }

  private static TensorEntry tensor(String name, JsonNode node, String source)
      throws CorruptCheckpointException {
    ElementType type = type(name, node.path("dtype").asText(), source);
    JsonNode sizes = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!sizes.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw new CorruptCheckpointException(
          "Cannot read %s: tensor %s lacks its shape or its two data_offsets"
              .formatted(source, name));
    }
    long[] shape = new long[sizes.size()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = sizes.get(axis).asLong(-1);
    }
    long begin = offsets.get(0).asLong(-1);
    long end = offsets.get(1).asLong(-1);
    try {
      TensorEntry entry = new TensorEntry(name, type, shape, begin);
      if (entry.bytes() == end - begin) {
        return entry;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CorruptCheckpointException(
          "Cannot read %s: tensor %s has the impossible shape %s".formatted(source, name, sizes),
          e);
    }
    throw new CorruptCheckpointException(
        "Cannot read %s: tensor %s of type %s and shape %s cannot fill bytes %d to %d"
            .formatted(source, name, type, sizes, begin, end));
  }

  private static ElementType type(String name, String type, String source)
      throws CorruptCheckpointException {
    try {
      return ElementType.valueOf(type);
    } catch (IllegalArgumentException e) {
      throw new CorruptCheckpointException(
          "Cannot read %s: tensor %s has type '%s'; supported are %s"
              .formatted(source, name, type, Arrays.toString(ElementType.values())),
          e);
    }
  }
}
