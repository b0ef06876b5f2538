package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import vivit.dataprep.clip.BadKind;

/**
 * A video that was left out.
 *
 * @param video its id
 * @param label its class name
 * @param kind what is wrong, in one word
 * @param cause why, in one sentence
 * @param file where it was read, relative to the folder of the input if it lies in there
 * @param position where in the file or in time the cause was found; empty if unknown
 * @param bytes length of the file; -1 if there is none, or it is unknown
 */
public record Quarantined(
    String video,
    String label,
    BadKind kind,
    String cause,
    String file,
    String position,
    long bytes) {

  /** As in {@code _quarantine.json}; a position only if known. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("video", video).put("label", label).put("kind", kind.word()).put("cause", cause);
    json.put("file", file);
    if (!position.isEmpty()) {
      json.put("position", position);
    }
    return json.put("bytes", bytes);
  }

  /** Reads what {@link #toJson} wrote; older sets say less. */
  public static Quarantined of(JsonNode json) {
    return new Quarantined(
        json.path("video").asText(),
        json.path("label").asText(),
        BadKind.of(json.path("kind").asText()),
        json.path("cause").asText(),
        json.path("file").asText(),
        json.path("position").asText(),
        json.path("bytes").asLong(-1));
  }
}
