package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A video of which only a part could be used.
 *
 * @param video its id
 * @param label its class name
 * @param what is missing, in words
 */
public record Salvaged(String video, String label, String what) {

  /** As in {@code _quarantine.json}. */
  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("video", video)
        .put("label", label)
        .put("what", what);
  }

  /** Reads what {@link #toJson} wrote. */
  public static Salvaged of(JsonNode json) {
    return new Salvaged(
        json.path("video").asText(), json.path("label").asText(), json.path("what").asText());
  }
}
