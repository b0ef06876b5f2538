package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;

/** {@code _quarantine.json}, and the part of it that the manifest repeats. */
final class QuarantineJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private QuarantineJson() {}

  /** The whole file. */
  static ObjectNode file(Quarantine quarantine, LabelHeads heads, long good) {
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
    node.set("quarantined", quarantined(quarantine));
    node.set("salvaged", salvaged(quarantine));
    return node;
  }

  static ArrayNode quarantined(Quarantine quarantine) {
    ArrayNode list = JSON.arrayNode();
    quarantine.videos().forEach(one -> list.add(one.toJson()));
    return list;
  }

  static ArrayNode salvaged(Quarantine quarantine) {
    ArrayNode list = JSON.arrayNode();
    quarantine.salvaged().forEach(one -> list.add(one.toJson()));
    return list;
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

  /** Reads what a manifest holds of it. */
  static Quarantine of(JsonNode manifest) {
    List<Quarantined> quarantined = new ArrayList<>();
    manifest.path("quarantined").forEach(one -> quarantined.add(Quarantined.of(one)));
    List<Salvaged> salvaged = new ArrayList<>();
    manifest.path("salvaged").forEach(one -> salvaged.add(Salvaged.of(one)));
    return new Quarantine(
        quarantined,
        salvaged,
        LabelsJson.perLabel(manifest, "videos"),
        LabelsJson.perLabel(manifest, "bad"));
  }

  /** With four digits, so that the text is the same everywhere. */
  private static double share(long part, long all) {
    return all == 0 ? 0 : Math.round(10_000.0 * part / all) / 10_000.0;
  }
}
