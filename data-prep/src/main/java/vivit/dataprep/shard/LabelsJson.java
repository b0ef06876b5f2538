package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;

/**
 * The classes in {@code _manifest.json}: {@code labels} for the one default head (format version
 * 1), {@code heads} with {@code labels} inside otherwise.
 */
final class LabelsJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LABELS = "labels";
  private static final String HEADS = "heads";

  private LabelsJson() {}

  /** An object with the one field. */
  static ObjectNode of(LabelHeads heads, List<Long> clipsPerLabel, Quarantine quarantine) {
    ObjectNode node = JSON.createObjectNode();
    if (heads.isDefault()) {
      node.set(LABELS, labels(heads, 0, clipsPerLabel, quarantine));
      return node;
    }
    ArrayNode list = node.putArray(HEADS);
    for (int i = 0; i < heads.count(); i++) {
      LabelHead head = heads.get(i);
      list.add(FooterJson.head(head).set(LABELS, labels(heads, i, clipsPerLabel, quarantine)));
    }
    return node;
  }

  private static ArrayNode labels(
      LabelHeads heads, int head, List<Long> clips, Quarantine quarantine) {
    LabelMap map = heads.get(head).map();
    ArrayNode list = JSON.createArrayNode();
    for (int id = 0; id < map.size(); id++) {
      int number = heads.offset(head) + id;
      ObjectNode label = list.addObject();
      label.put("id", id).put("name", map.name(id)).put("clips", clips.get(number));
      if (quarantine.countsClasses()) {
        label.put("videos", quarantine.videosPerLabel().get(number));
        label.put("bad", quarantine.badPerLabel().get(number));
      }
    }
    return list;
  }

  /** The heads of a manifest. */
  static LabelHeads heads(JsonNode manifest) {
    LabelHeads heads = manifest.has(HEADS) ? several(manifest.path(HEADS)) : only(manifest);
    String hash = manifest.path("labels_hash").asText();
    if (!heads.hash().equals(hash)) {
      throw new IllegalArgumentException(
          "its labels have hash %s, its labels_hash is %s".formatted(heads.hash(), hash));
    }
    return heads;
  }

  private static LabelHeads only(JsonNode manifest) {
    return LabelHeads.of(map(manifest));
  }

  private static LabelHeads several(JsonNode list) {
    List<LabelHead> heads = new ArrayList<>();
    for (JsonNode head : list) {
      heads.add(
          new LabelHead(
              head.path("name").asText(),
              Labelling.of(head.path("labelling").asText()),
              map(head)));
    }
    return new LabelHeads(heads);
  }

  private static LabelMap map(JsonNode holder) {
    List<String> names = new ArrayList<>();
    holder.path(LABELS).forEach(label -> names.add(label.path("name").asText()));
    return LabelMap.of(names);
  }

  /**
   * A number of every class of a manifest, one head after the other: {@code clips}, {@code videos}
   * or {@code bad}; empty where the classes have none.
   */
  static List<Long> perLabel(JsonNode manifest, String field) {
    List<Long> numbers = new ArrayList<>();
    Iterable<JsonNode> holders = manifest.has(HEADS) ? manifest.path(HEADS) : List.of(manifest);
    for (JsonNode holder : holders) {
      for (JsonNode label : holder.path(LABELS)) {
        if (label.has(field)) {
          numbers.add(label.path(field).asLong());
        }
      }
    }
    return numbers;
  }
}
