package vivit.model.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;

/**
 * Reads small JSON files of strangers, and writes some; refuses duplicate keys, and JSON that takes
 * much more memory than its text: deep nesting, long numbers, millions of values.
 */
public final class StrictJson {

  private static final int DEEPEST = 64;
  private static final int LONGEST_NUMBER = 100;
  private static final int LONGEST_SHOWN = 60;

  /** Values, keys and brackets; a tree takes about 100 bytes for each. */
  private static final int MOST_TOKENS = 1 << 21;

  /** Most bytes of a file. */
  public static final int LARGEST = 1 << 25;

  static final ObjectMapper MAPPER =
      builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private StrictJson() {}

  /** A mapper with the limits of a small file, for several values in a row. */
  static JsonMapper.Builder builder() {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(DEEPEST)
            .maxNumberLength(LONGEST_NUMBER)
            .build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
  }

  /** The text of a small file, with a line for each value. */
  static byte[] write(ObjectNode root) {
    try {
      String json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A value for a message, cut off if it is long. */
  static String brief(JsonNode node) {
    String text = node.toString();
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }

  /** Reads a file that holds one JSON object. */
  static ObjectNode read(Bytes file) throws IOException {
    if (file.size() > LARGEST) {
      throw CorruptCheckpointException.at(
          file.name(), LARGEST, "found more than %d bytes of JSON".formatted(LARGEST));
    }
    byte[] raw = new byte[(int) file.size()];
    file.read(0, raw, 0, raw.length);
    return parse(file.name(), raw);
  }

  /** Parses a file that holds one JSON object; {@code source} is its name, for messages. */
  public static ObjectNode parse(String source, byte[] raw) throws CorruptCheckpointException {
    return parse(source, raw, offset -> offset);
  }

  /**
   * Parses one JSON object.
   *
   * @param place in the file of an offset in the text, for messages
   */
  static ObjectNode parse(String source, byte[] raw, LongUnaryOperator place)
      throws CorruptCheckpointException {
    JsonNode root;
    try {
      requireModest(raw);
      root = MAPPER.readTree(raw);
    } catch (JsonProcessingException e) {
      long offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw CorruptCheckpointException.at(
          source, place.applyAsLong(offset), "this is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw CorruptCheckpointException.at(source, place.applyAsLong(0), "this is not JSON", e);
    }
    if (root instanceof ObjectNode object) {
      return object;
    }
    throw CorruptCheckpointException.at(source, place.applyAsLong(0), "found no JSON object");
  }

  /** Refuses a text of too many values before a tree is made of them. */
  static void requireModest(byte[] raw) throws IOException {
    try (JsonParser parser = MAPPER.createParser(raw)) {
      for (int tokens = 0; parser.nextToken() != null; tokens++) {
        if (tokens == MOST_TOKENS) {
          throw new JsonParseException(parser, "it has more than %d values".formatted(MOST_TOKENS));
        }
      }
    }
  }
}
