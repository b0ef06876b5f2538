package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.shard.VideoList.ListedVideo;

/** The JSON of a set's videos: videos with clips, videos left out, and videos used in part. */
public final class VideoJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private VideoJson() {}

  /**
   * The file {@code _quarantine.json}.
   *
   * @param good number of videos that were not left out
   */
  static ObjectNode quarantineFile(Quarantine quarantine, LabelHeads heads, long good) {
    ObjectNode node = JSON.objectNode();
    int bad = quarantine.videos().size();
    node.put("videos", good + bad);
    node.put("bad", bad);
    node.put("share", share(bad, good + bad));
    ObjectNode kinds = node.putObject("kinds");
    for (BadKind kind : BadKind.values()) {
      long count = quarantine.videos().stream().filter(one -> one.kind() == kind).count();
      if (count > 0) {
        kinds.put(kind.word(), count);
      }
    }
    node.set("classes", classes(quarantine, heads));
    node.set("quarantined", quarantined(quarantine.videos()));
    node.set("salvaged", remarks(quarantine.salvaged()));
    setRemarks(node, quarantine.remarked());
    return node;
  }

  /** Classes with bad videos, the largest share first. */
  private static ArrayNode classes(Quarantine quarantine, LabelHeads heads) {
    List<ObjectNode> classes = new ArrayList<>();
    for (int i = 0; i < heads.count() && quarantine.countsClasses(); i++) {
      LabelHead head = heads.get(i);
      for (int id = 0; id < head.classes(); id++) {
        long videos = quarantine.videosPerLabel().get(heads.offset(i) + id);
        long bad = quarantine.badPerLabel().get(heads.offset(i) + id);
        if (bad > 0) {
          ObjectNode one = JSON.objectNode();
          if (!heads.isDefault()) {
            one.put("head", head.name());
          }
          one.put("name", head.map().name(id)).put("videos", videos).put("bad", bad);
          classes.add(one.put("share", share(bad, videos)));
        }
      }
    }
    classes.sort(
        Comparator.comparingDouble((ObjectNode one) -> -one.get("share").asDouble())
            .thenComparing(one -> one.path("head").asText())
            .thenComparing(one -> one.get("name").asText()));
    return JSON.arrayNode().addAll(classes);
  }

  /** The number of a view; refuses what is none, and signs. */
  private static int view(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "found the view \"%s\", expected a number".formatted(text));
    }
    return Integer.parseInt(text);
  }

  /** A share rounded to four digits, so that its text is the same on every machine. */
  private static double share(long part, long all) {
    return all == 0 ? 0 : Math.round(10_000.0 * part / all) / 10_000.0;
  }

  /** Videos that were left out; the field {@code position} exists only where it is known. */
  public static ArrayNode quarantined(List<Quarantined> videos) {
    ArrayNode list = JSON.arrayNode();
    for (Quarantined video : videos) {
      ObjectNode json = list.addObject();
      json.put("video", video.video()).put("label", video.label());
      json.put("kind", video.kind().word()).put("cause", video.cause()).put("file", video.file());
      if (!video.position().isEmpty()) {
        json.put("position", video.position());
      }
      json.put("bytes", video.bytes());
    }
    return list;
  }

  /** Reads videos that were left out; sets of older releases have fewer fields. */
  public static List<Quarantined> quarantined(JsonNode list) {
    List<Quarantined> videos = new ArrayList<>();
    for (JsonNode json : list) {
      videos.add(
          new Quarantined(
              json.path("video").asText(),
              json.path("label").asText(),
              BadKind.of(json.path("kind").asText()),
              json.path("cause").asText(),
              json.path("file").asText(),
              json.path("position").asText(),
              json.path("bytes").asLong(-1)));
    }
    return videos;
  }

  /** Adds the field {@code remarks}, which exists only where there are any. */
  public static void setRemarks(ObjectNode node, List<Remark> remarks) {
    if (!remarks.isEmpty()) {
      node.set("remarks", remarks(remarks));
    }
  }

  /** Sentences about videos. */
  public static ArrayNode remarks(List<Remark> videos) {
    ArrayNode list = JSON.arrayNode();
    for (Remark video : videos) {
      ObjectNode json = list.addObject();
      json.put("video", video.video()).put("label", video.label()).put("what", video.what());
    }
    return list;
  }

  /** Reads sentences about videos. */
  public static List<Remark> remarks(JsonNode list) {
    List<Remark> videos = new ArrayList<>();
    for (JsonNode json : list) {
      videos.add(
          new Remark(
              json.path("video").asText(),
              json.path("label").asText(),
              json.path("what").asText()));
    }
    return videos;
  }

  /** A line of {@code _videos.jsonl}. */
  static ObjectNode listed(ListedVideo video) {
    ObjectNode json = JSON.objectNode();
    json.put("video", video.video()).put("label", video.label());
    TimeSpan span = video.span();
    if (!span.isWhole()) {
      json.put("start", span.start());
    }
    if (!Double.isInfinite(span.end())) {
      json.put("end", span.end());
    }
    json.put("bytes", video.bytes());
    if (!video.shard().isEmpty()) {
      json.put("shard", video.shard()).put("clips", video.clips());
      setMadeUp(json, video.madeUp());
    }
    return json;
  }

  /** Reads a line of {@code _videos.jsonl}. */
  static ListedVideo listed(JsonNode json) {
    String shard = json.path("shard").asText();
    if (!shard.isEmpty()) {
      ShardFile.requireName(shard);
    }
    return new ListedVideo(
        json.path("video").asText(),
        json.path("label").asText(),
        new TimeSpan(
            json.path("start").asDouble(0), json.path("end").asDouble(Double.POSITIVE_INFINITY)),
        json.path("bytes").asLong(-1),
        shard,
        Math.toIntExact(ManifestJson.number(json, "clips", Integer.MAX_VALUE)),
        madeUp(json));
  }

  /** Adds the field {@code made_up}, which exists only where clips have frames that are made up. */
  public static void setMadeUp(ObjectNode json, SortedMap<Integer, Integer> madeUp) {
    if (!madeUp.isEmpty()) {
      ObjectNode frames = json.putObject("made_up");
      madeUp.forEach((view, count) -> frames.put(view.toString(), count));
    }
  }

  /**
   * Reads the number of made-up frames by view.
   *
   * @throws IllegalArgumentException if one of the two is not a whole number from 0
   */
  public static SortedMap<Integer, Integer> madeUp(JsonNode json) {
    SortedMap<Integer, Integer> madeUp = new TreeMap<>();
    JsonNode frames = json.path("made_up");
    frames
        .fieldNames()
        .forEachRemaining(
            view ->
                madeUp.put(
                    view(view),
                    Math.toIntExact(ManifestJson.number(frames, view, Integer.MAX_VALUE))));
    return madeUp;
  }
}
