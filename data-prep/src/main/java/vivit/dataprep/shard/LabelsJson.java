package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.source.LabelHead;
import vivit.dataprep.source.LabelHeads;
import vivit.dataprep.source.LabelMap;
import vivit.dataprep.source.Labelling;

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
  static ObjectNode of(LabelHeads heads, List<Long> clipsPerLabel) {
    ObjectNode node = JSON.createObjectNode();
    if (heads.isDefault()) {
      node.set(LABELS, labels(heads.heads().get(0).map(), clipsPerLabel));
      return node;
    }
    ArrayNode list = node.putArray(HEADS);
    for (int i = 0; i < heads.heads().size(); i++) {
      LabelHead head = heads.heads().get(i);
      List<Long> clips = clipsPerLabel.subList(heads.offset(i), heads.offset(i + 1));
      list.add(FooterJson.head(head).set(LABELS, labels(head.map(), clips)));
    }
    return node;
  }

  private static ArrayNode labels(LabelMap map, List<Long> clips) {
    ArrayNode list = JSON.createArrayNode();
    for (int id = 0; id < map.size(); id++) {
      list.addObject().put("id", id).put("name", map.name(id)).put("clips", clips.get(id));
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

  /** Clips of every class of a manifest, one head after the other. */
  static List<Long> clipsPerLabel(JsonNode manifest) {
    List<Long> clips = new ArrayList<>();
    Iterable<JsonNode> holders = manifest.has(HEADS) ? manifest.path(HEADS) : List.of(manifest);
    for (JsonNode holder : holders) {
      holder.path(LABELS).forEach(label -> clips.add(label.path("clips").asLong()));
    }
    return clips;
  }
}
