package vivit.dataprep.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile.DecodeTiming;
import vivit.dataprep.shard.ManifestJson;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.shard.VideoJson;
import vivit.dataprep.storage.WholeFile;

/**
 * The result of making one shard.
 *
 * @param plan fingerprint of the run
 * @param file the shard; without clips if no video could be decoded
 * @param videos those with clips in the shard, in order
 * @param quarantined videos without clips
 * @param salvaged videos with clips of which a part is missing
 * @param remarked what else is to be said about videos with clips
 * @param timings of all videos, in the order of the plan
 */
public record ShardResult(
    String plan,
    ShardFile file,
    List<CutVideo> videos,
    List<Quarantined> quarantined,
    List<Remark> salvaged,
    List<Remark> remarked,
    List<DecodeTiming> timings) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A video with clips in the shard.
   *
   * @param video its id
   * @param clips their number
   * @param madeUp how many frames of a clip cannot be decoded, by its view
   */
  public record CutVideo(String video, int clips, SortedMap<Integer, Integer> madeUp) {
    public CutVideo {
      madeUp = Collections.unmodifiableSortedMap(new TreeMap<>(madeUp));
    }
  }

  public ShardResult {
    videos = List.copyOf(videos);
    quarantined = List.copyOf(quarantined);
    salvaged = List.copyOf(salvaged);
    remarked = List.copyOf(remarked);
    timings = List.copyOf(timings);
  }

  /** The result as JSON. */
  public byte[] toBytes() {
    ObjectNode json = JSON.createObjectNode();
    json.put("plan", plan).set("shard", ManifestJson.shard(file));
    ArrayNode kept = json.putArray("videos");
    for (CutVideo video : videos) {
      ObjectNode one = kept.addObject().put("video", video.video()).put("clips", video.clips());
      VideoJson.setMadeUp(one, video.madeUp());
    }
    json.set("quarantined", VideoJson.quarantined(quarantined));
    json.set("salvaged", VideoJson.remarks(salvaged));
    VideoJson.setRemarks(json, remarked);
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
    List<CutVideo> videos = new ArrayList<>();
    for (JsonNode one : json.path("videos")) {
      videos.add(
          new CutVideo(
              one.path("video").asText(),
              Math.toIntExact(ManifestJson.number(one, "clips", Integer.MAX_VALUE)),
              VideoJson.madeUp(one)));
    }
    return new ShardResult(
        json.path("plan").asText(),
        ManifestJson.shard(json.path("shard")),
        videos,
        VideoJson.quarantined(json.path("quarantined")),
        VideoJson.remarks(json.path("salvaged")),
        VideoJson.remarks(json.path("remarks")),
        DecodeTiming.list(json.path("timings")));
  }
}
