package vivit.dataprep.shard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;

/** The small JSON texts in a shard's footer. */
final class FooterJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FooterJson() {}

  /** Everything of a footer but the checksums of the clips. */
  static Map<String, String> of(ShardHeader header) {
    Map<String, String> footer = new TreeMap<>();
    footer.put(ShardSchema.KEY_VERSION, Integer.toString(ShardSchema.version(header.heads())));
    footer.put(ShardSchema.KEY_PRODUCER, header.producer());
    footer.put(ShardSchema.KEY_GEOMETRY, geometry(header.purpose(), header.clip()));
    if (header.heads().isDefault()) {
      footer.put(ShardSchema.KEY_LABELS, list(header.heads().classNames()).toString());
    } else {
      footer.put(ShardSchema.KEY_HEADS, heads(header.heads()));
    }
    footer.put(ShardSchema.KEY_LABELS_HASH, header.heads().hash());
    footer.put(ShardSchema.KEY_CONFIG, map(header.config()));
    return footer;
  }

  private static String geometry(Purpose purpose, ClipSettings clip) {
    ObjectNode node = JSON.createObjectNode().put("purpose", purpose.word());
    node.setAll(clip(clip));
    return node.toString();
  }

  static ObjectNode clip(ClipSettings clip) {
    return JSON.createObjectNode()
        .put("frames", clip.frames())
        .put("stride", clip.stride())
        .put("frames_per_second", clip.framesPerSecond())
        .put("short_side", clip.shortSide())
        .put("tubelet_frames", clip.tubeletFrames())
        .put("patch", clip.patch());
  }

  private static String heads(LabelHeads heads) {
    ArrayNode list = JSON.createArrayNode();
    for (LabelHead head : heads) {
      list.add(head(head).set("labels", list(head.map().names())));
    }
    return list.toString();
  }

  /** A head without its classes. */
  static ObjectNode head(LabelHead head) {
    return JSON.createObjectNode()
        .put("name", head.name())
        .put("labelling", head.labelling().word())
        .put("labels_hash", head.map().hash());
  }

  private static ArrayNode list(List<String> texts) {
    ArrayNode node = JSON.createArrayNode();
    texts.forEach(node::add);
    return node;
  }

  private static String map(Map<String, String> texts) {
    ObjectNode node = JSON.createObjectNode();
    texts.forEach(node::put);
    return node.toString();
  }
}
