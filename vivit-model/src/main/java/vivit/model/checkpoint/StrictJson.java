package vivit.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reads small JSON files; refuses duplicate keys. */
final class StrictJson {

  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final long LARGEST = 1 << 26;

  private StrictJson() {}

  /** Reads a file that holds one JSON object. */
  static ObjectNode read(Bytes file) throws IOException {
    if (file.size() > LARGEST) {
      throw CorruptCheckpointException.at(
          file.name(), LARGEST, "found more than %d bytes of JSON".formatted(LARGEST));
    }
    byte[] raw = new byte[(int) file.size()];
    file.read(0, raw, 0, raw.length);
    JsonNode root;
    try {
      root = MAPPER.readTree(raw);
    } catch (JsonProcessingException e) {
      long position = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw CorruptCheckpointException.at(
          file.name(), position, "this is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw CorruptCheckpointException.at(file.name(), 0, "this is not JSON", e);
    }
    if (root instanceof ObjectNode object) {
      return object;
    }
    throw CorruptCheckpointException.at(file.name(), 0, "found no JSON object");
  }
}
