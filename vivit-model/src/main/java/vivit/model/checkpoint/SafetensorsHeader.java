package vivit.model.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON header of a safetensors file: tensors in the order of their bytes, and metadata. */
record SafetensorsHeader(List<TensorEntry> tensors, Map<String, String> metadata) {

  /** Most bytes of JSON: 100,000 tensors with long names. The format allows 100 MB. */
  static final long LARGEST = 1 << 25;

  private static final int LONGEST_NAME = 512;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON = StrictJson.builder().build();

  /** Places tensors contiguously in the given order. */
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

  /**
   * Parses and checks a header: known types, sizes that match shapes, no gaps and no overlaps.
   * Errors name bytes of the file, where the JSON follows the 8 bytes of its length.
   */
  static SafetensorsHeader parse(byte[] json, String source) throws CorruptCheckpointException {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<TensorEntry> tensors = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      StrictJson.requireModest(json);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw at(source, parser, "the header is not a JSON object", null);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        long position = position(parser);
        if (name.length() > LONGEST_NAME) {
          throw CorruptCheckpointException.at(
              source,
              position,
              "the name of a tensor has %d characters, expected at most %d"
                  .formatted(name.length(), LONGEST_NAME));
        }
        parser.nextToken();
        JsonNode node = parser.readValueAsTree();
        if (name.equals(METADATA)) {
          node.fields().forEachRemaining(e -> metadata.put(e.getKey(), e.getValue().asText()));
        } else {
          tensors.add(tensor(name, node, source, position));
        }
      }
      if (parser.nextToken() != null) {
        throw at(source, parser, "the header continues after its JSON object", null);
      }
    } catch (CorruptCheckpointException e) {
      throw e;
    } catch (JsonProcessingException e) {
      long offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw CorruptCheckpointException.at(
          source, Long.BYTES + offset, "the header is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw CorruptCheckpointException.at(source, Long.BYTES, "the header is not JSON", e);
    }
    return new SafetensorsHeader(inOrder(tensors, Long.BYTES + json.length, source), metadata);
  }

  /** Sorts by offset; refuses gaps and overlaps. */
  private static List<TensorEntry> inOrder(List<TensorEntry> tensors, long dataStart, String source)
      throws CorruptCheckpointException {
    List<TensorEntry> sorted = new ArrayList<>(tensors);
    sorted.sort(
        Comparator.comparingLong(TensorEntry::offset).thenComparingLong(TensorEntry::bytes));
    long end = 0;
    for (TensorEntry tensor : sorted) {
      if (tensor.offset() != end || tensor.bytes() > Long.MAX_VALUE - dataStart - end) {
        throw CorruptCheckpointException.at(
            source,
            dataStart + Math.min(tensor.offset(), Long.MAX_VALUE - dataStart),
            "tensor %s starts at byte %d of the data, expected %d"
                .formatted(tensor.name(), tensor.offset(), end));
      }
      end += tensor.bytes();
    }
    return sorted;
  }

  private static TensorEntry tensor(String name, JsonNode node, String source, long position)
      throws CorruptCheckpointException {
    ElementType type = type(name, node.path("dtype").asText(), source, position);
    JsonNode sizes = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!sizes.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw CorruptCheckpointException.at(
          source, position, "tensor %s lacks its shape or its two data_offsets".formatted(name));
    }
    long[] shape = new long[sizes.size()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = whole(sizes.get(axis));
    }
    long begin = whole(offsets.get(0));
    long end = whole(offsets.get(1));
    try {
      TensorEntry entry = new TensorEntry(name, type, shape, begin);
      if (begin >= 0 && end >= begin && entry.bytes() == end - begin) {
        return entry;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw CorruptCheckpointException.at(
          source,
          position,
          "tensor %s has the impossible shape %s".formatted(name, brief(sizes)),
          e);
    }
    throw CorruptCheckpointException.at(
        source,
        position,
        "tensor %s of type %s and shape %s cannot fill bytes %d to %d"
            .formatted(name, type, brief(sizes), begin, end));
  }

  /** A whole number that fits a long, or -1. */
  private static long whole(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? node.asLong() : -1;
  }

  private static String brief(JsonNode node) {
    String text = node.toString();
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }

  private static ElementType type(String name, String type, String source, long position)
      throws CorruptCheckpointException {
    try {
      return ElementType.valueOf(type);
    } catch (IllegalArgumentException e) {
      throw CorruptCheckpointException.at(
          source,
          position,
          "tensor %s has type '%s'; supported are %s"
              .formatted(name, type, Arrays.toString(ElementType.values())),
          e);
    }
  }

  private static long position(JsonParser parser) {
    return Long.BYTES + Math.max(0, parser.getTokenLocation().getByteOffset());
  }

  private static CorruptCheckpointException at(
      String source, JsonParser parser, String problem, Throwable cause) {
    return CorruptCheckpointException.at(source, position(parser), problem, cause);
  }
}
