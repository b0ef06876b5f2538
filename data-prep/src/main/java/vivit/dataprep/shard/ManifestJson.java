package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;

/**
 * The JSON of a manifest, and the JSON texts that a shard's footer repeats.
 *
 * <p>A set with the one default head (format version 1) has its classes in the field {@code
 * labels}. Any other set has a list {@code heads}, and {@code labels} in each head.
 */
public final class ManifestJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String LABELS = "labels";
  private static final String HEADS = "heads";
  private static final int MOST_SHOWN = 60;

  private ManifestJson() {}

  /** A manifest without its checksum. */
  static ObjectNode write(Manifest manifest) {
    ObjectNode node = JSON.objectNode();
    node.put("format_version", manifest.formatVersion());
    node.put("producer", manifest.producer());
    node.put("purpose", manifest.purpose().word());
    node.set("clip", clip(manifest.clip()));
    node.put("clips", manifest.clips());
    node.put("videos", manifest.videos());
    node.put("hash", manifest.hash());
    node.put("labels_hash", manifest.labelsHash());
    LabelHeads heads = manifest.heads();
    if (heads.isDefault()) {
      node.set(LABELS, labels(manifest, 0));
    } else {
      ArrayNode list = node.putArray(HEADS);
      for (int i = 0; i < heads.count(); i++) {
        list.add(head(heads.get(i)).set(LABELS, labels(manifest, i)));
      }
    }
    ArrayNode shards = node.putArray("shards");
    manifest.shards().forEach(shard -> shards.add(shard(shard)));
    if (!manifest.videosSha256().isEmpty()) {
      node.put("videos_sha256", manifest.videosSha256());
    }
    node.set("quarantined", VideoJson.quarantined(manifest.quarantine().videos()));
    node.set("salvaged", VideoJson.remarks(manifest.quarantine().salvaged()));
    VideoJson.setRemarks(node, manifest.quarantine().remarked());
    node.set("config", texts(manifest.config()));
    return node;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if a value is invalid
   */
  static Manifest read(ObjectNode node) {
    List<ShardFile> shards = new ArrayList<>();
    for (JsonNode shard : node.path("shards")) {
      shards.add(shard(shard));
    }
    SortedMap<String, String> config = new TreeMap<>();
    node.path("config")
        .fields()
        .forEachRemaining(e -> config.put(e.getKey(), e.getValue().asText()));
    return new Manifest(
        node.path("format_version").asInt(),
        node.path("producer").asText(),
        Purpose.valueOf(node.path("purpose").asText().toUpperCase(Locale.ROOT)),
        clip(node.path("clip")),
        heads(node),
        shards,
        perLabel(node, "clips"),
        number(node, "videos", Long.MAX_VALUE),
        quarantine(node),
        config,
        node.path("videos_sha256").asText());
  }

  /** Reads the quarantine from a manifest or from the file {@code _quarantine.json}. */
  static Quarantine quarantine(JsonNode node) {
    return new Quarantine(
        VideoJson.quarantined(node.path("quarantined")),
        VideoJson.remarks(node.path("salvaged")),
        VideoJson.remarks(node.path("remarks")),
        perLabel(node, "videos"),
        perLabel(node, "bad"));
  }

  /** Key-value metadata of a shard's footer, except the checksums of the clips. */
  static Map<String, String> footer(ShardHeader header) {
    LabelHeads heads = header.heads();
    Map<String, String> footer = new TreeMap<>();
    footer.put(ShardSchema.KEY_VERSION, Integer.toString(ShardSchema.version(heads)));
    footer.put(ShardSchema.KEY_PRODUCER, header.producer());
    ObjectNode geometry = JSON.objectNode().put("purpose", header.purpose().word());
    geometry.setAll(clip(header.clip()));
    footer.put(ShardSchema.KEY_GEOMETRY, geometry.toString());
    if (heads.isDefault()) {
      footer.put(ShardSchema.KEY_LABELS, texts(heads.classNames()).toString());
    } else {
      ArrayNode list = JSON.arrayNode();
      heads.forEach(head -> list.add(head(head).set(LABELS, texts(head.map().names()))));
      footer.put(ShardSchema.KEY_HEADS, list.toString());
    }
    footer.put(ShardSchema.KEY_LABELS_HASH, heads.hash());
    footer.put(ShardSchema.KEY_CONFIG, texts(header.config()).toString());
    return footer;
  }

  /** The entry of a shard in the list of files. */
  public static ObjectNode shard(ShardFile file) {
    ObjectNode json = JSON.objectNode();
    json.put("name", file.name()).put("clips", file.clips()).put("bytes", file.bytes());
    if (!file.sha256().isEmpty()) {
      json.put("sha256", file.sha256());
    }
    return json.put("footer_offset", file.footerOffset()).put("footer_sha256", file.footerSha256());
  }

  /** Reads the entry of a shard. */
  public static ShardFile shard(JsonNode json) {
    return new ShardFile(
        json.path("name").asText(),
        Math.toIntExact(number(json, "clips", Integer.MAX_VALUE)),
        number(json, "bytes", Long.MAX_VALUE),
        json.path("sha256").asText(),
        number(json, "footer_offset", Long.MAX_VALUE),
        json.path("footer_sha256").asText());
  }

  /**
   * A count; 0 if the field is absent.
   *
   * @throws IllegalArgumentException if it is not a whole number from 0 to {@code most}
   */
  public static long number(JsonNode json, String field, long most) {
    JsonNode value = json.path(field);
    if (value.isMissingNode()) {
      return 0;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.asLong() < 0
        || value.asLong() > most) {
      String found = value.toString();
      throw new IllegalArgumentException(
          "found %s %s, expected a whole number from 0 to %d"
              .formatted(field, found.substring(0, Math.min(MOST_SHOWN, found.length())), most));
    }
    return value.asLong();
  }

  private static ObjectNode clip(ClipSettings clip) {
    return JSON.objectNode()
        .put("frames", clip.frames())
        .put("stride", clip.stride())
        .put("frames_per_second", clip.framesPerSecond())
        .put("short_side", clip.shortSide())
        .put("tubelet_frames", clip.tubeletFrames())
        .put("patch", clip.patch());
  }

  private static ClipSettings clip(JsonNode clip) {
    return new ClipSettings(
        clip.path("frames").asInt(),
        clip.path("stride").asInt(),
        clip.path("frames_per_second").asDouble(),
        clip.path("short_side").asInt(),
        clip.path("tubelet_frames").asInt(),
        clip.path("patch").asInt());
  }

  /** A head without its classes. */
  private static ObjectNode head(LabelHead head) {
    return JSON.objectNode()
        .put("name", head.name())
        .put("labelling", head.labelling().word())
        .put("labels_hash", head.map().hash());
  }

  private static ArrayNode labels(Manifest manifest, int head) {
    LabelMap map = manifest.heads().get(head).map();
    Quarantine quarantine = manifest.quarantine();
    ArrayNode list = JSON.arrayNode();
    for (int id = 0; id < map.size(); id++) {
      int number = manifest.heads().offset(head) + id;
      ObjectNode label = list.addObject();
      label.put("id", id).put("name", map.name(id));
      label.put("clips", manifest.clipsPerLabel().get(number));
      if (quarantine.countsClasses()) {
        label.put("videos", quarantine.videosPerLabel().get(number));
        label.put("bad", quarantine.badPerLabel().get(number));
      }
    }
    return list;
  }

  private static LabelHeads heads(JsonNode manifest) {
    LabelHeads heads;
    if (manifest.has(HEADS)) {
      List<LabelHead> list = new ArrayList<>();
      for (JsonNode head : manifest.path(HEADS)) {
        Labelling labelling = Labelling.of(head.path("labelling").asText());
        list.add(new LabelHead(head.path("name").asText(), labelling, map(head)));
      }
      heads = new LabelHeads(list);
    } else {
      heads = LabelHeads.of(map(manifest));
    }
    String hash = manifest.path("labels_hash").asText();
    if (!heads.hash().equals(hash)) {
      throw new IllegalArgumentException(
          "its labels have hash %s, its labels_hash is %s".formatted(heads.hash(), hash));
    }
    return heads;
  }

  private static LabelMap map(JsonNode holder) {
    List<String> names = new ArrayList<>();
    holder.path(LABELS).forEach(label -> names.add(label.path("name").asText()));
    return LabelMap.of(names);
  }

  /**
   * A count per class, one head after the other: {@code clips}, {@code videos} or {@code bad};
   * empty where the classes do not have that field.
   */
  private static List<Long> perLabel(JsonNode manifest, String field) {
    List<Long> numbers = new ArrayList<>();
    Iterable<JsonNode> holders = manifest.has(HEADS) ? manifest.path(HEADS) : List.of(manifest);
    for (JsonNode holder : holders) {
      for (JsonNode label : holder.path(LABELS)) {
        if (label.has(field)) {
          numbers.add(number(label, field, Long.MAX_VALUE));
        }
      }
    }
    return numbers;
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode node = JSON.arrayNode();
    texts.forEach(node::add);
    return node;
  }

  private static ObjectNode texts(Map<String, String> texts) {
    ObjectNode node = JSON.objectNode();
    texts.forEach(node::put);
    return node;
  }
}
