package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import vivit.dataprep.clip.TimeSpan;

/**
 * A video as a shard set knows it: a line of {@code _videos.jsonl}.
 *
 * @param video its id
 * @param label its class names as one text
 * @param span the annotated part
 * @param bytes length of its file; -1 if there is none
 * @param shard file name of the shard that has its clips; empty if none has
 * @param clips how many
 */
public record ListedVideo(
    String video, String label, TimeSpan span, long bytes, String shard, int clips) {

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("video", video).put("label", label);
    if (!span.isWhole()) {
      json.put("start", span.start());
    }
    if (!Double.isInfinite(span.end())) {
      json.put("end", span.end());
    }
    json.put("bytes", bytes);
    if (!shard.isEmpty()) {
      json.put("shard", shard).put("clips", clips);
    }
    return json;
  }

  static ListedVideo of(JsonNode json) {
    return new ListedVideo(
        json.path("video").asText(),
        json.path("label").asText(),
        new TimeSpan(
            json.path("start").asDouble(0), json.path("end").asDouble(Double.POSITIVE_INFINITY)),
        json.path("bytes").asLong(-1),
        json.path("shard").asText(),
        json.path("clips").asInt());
  }
}
