package vivit.dataprep.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.shard.ManifestJson;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Salvaged;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.VideoJson;
import vivit.dataprep.storage.WholeFile;

/**
 * The result of making one shard.
 *
 * @param plan fingerprint of the run
 * @param file the shard; without clips if no video could be decoded
 * @param videos ids of the videos with clips in the shard, in order
 * @param clips number of clips of each of these videos
 * @param quarantined videos without clips
 * @param salvaged videos with clips of which a part is missing
 * @param timings of all videos, in the order of the plan
 */
public record ShardResult(
    String plan,
    ShardFile file,
    List<String> videos,
    List<Integer> clips,
    List<Quarantined> quarantined,
    List<Salvaged> salvaged,
    List<DecodeTiming> timings) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public ShardResult {
    videos = List.copyOf(videos);
    clips = List.copyOf(clips);
    quarantined = List.copyOf(quarantined);
    salvaged = List.copyOf(salvaged);
    timings = List.copyOf(timings);
  }

  /** The result as JSON. */
  public byte[] toBytes() {
    ObjectNode json = JSON.createObjectNode();
    json.put("plan", plan).set("shard", ManifestJson.shard(file));
    ArrayNode kept = json.putArray("videos");
    for (int i = 0; i < videos.size(); i++) {
      kept.addObject().put("video", videos.get(i)).put("clips", clips.get(i));
    }
    json.set("quarantined", VideoJson.quarantined(quarantined));
    json.set("salvaged", VideoJson.salvaged(salvaged));
    ArrayNode times = json.putArray("timings");
    timings.forEach(timing -> times.add(timing.json()));
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IOException if it is not such JSON
   * @throws IllegalArgumentException if a value is invalid
   */
  public static ShardResult of(byte[] bytes) throws IOException {
    JsonNode json = WholeFile.json(new String(bytes, StandardCharsets.UTF_8), JSON);
    List<String> videos = new ArrayList<>();
    List<Integer> clips = new ArrayList<>();
    for (JsonNode one : json.path("videos")) {
      videos.add(one.path("video").asText());
      clips.add(Math.toIntExact(ManifestJson.number(one, "clips", Integer.MAX_VALUE)));
    }
    return new ShardResult(
        json.path("plan").asText(),
        ManifestJson.shard(json.path("shard")),
        videos,
        clips,
        VideoJson.quarantined(json.path("quarantined")),
        VideoJson.salvaged(json.path("salvaged")),
        DecodeTiming.list(json.path("timings")));
  }
}
