package vivit.model.dl4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import vivit.model.ModelDescription;
import vivit.model.ViViTConfig;

/**
 * Reads the model out of the JSON of a graph's configuration, and refuses JSON other than what
 * {@link ViViTGraph} writes for this model. Nothing is instantiated by a name in the JSON: the
 * graph of the model is configured here, written, and compared.
 *
 * <p>Values that training or the machine changes may differ, but only in single values, never in
 * structure, so that no part of another class fits in.
 */
final class WrittenGraph {

  private static final String MODEL = "model";

  /** Keys of single values, or of lists of them, that do not make another model. */
  private static final Set<String> FREE =
      Set.of(
          MODEL,
          "seed",
          "iterationCount",
          "epochCount",
          "learningRate",
          "momentum",
          "dataType",
          "inputGradient",
          "cacheMode",
          "trainingWorkspaceMode",
          "inferenceWorkspaceMode",
          "topologicalOrder",
          "topologicalOrderStr",
          "variables");

  private WrittenGraph() {}

  /**
   * The model of a graph.
   *
   * @throws IllegalArgumentException naming the first place that differs
   */
  static ViViTConfig config(JsonNode found) {
    JsonNode model =
        found
            .path("vertices")
            .path(ViViTGraph.BACKBONE)
            .path("layerConf")
            .path("layer")
            .path(MODEL);
    if (!model.isTextual()) {
      throw new IllegalArgumentException(
          "it has no layer %s with a description of the model".formatted(ViViTGraph.BACKBONE));
    }
    ViViTConfig config = ModelDescription.parse(model.asText()).config();
    try {
      String written = ViViTGraph.configuration(config, 0, DataType.FLOAT).toJson();
      compare("", found, new JsonMapper().readTree(written));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
    return config;
  }

  private static void compare(String place, JsonNode found, JsonNode expected) {
    if (expected.isObject() && found.isObject()) {
      for (Map.Entry<String, JsonNode> part :
          (Iterable<Map.Entry<String, JsonNode>>) expected::fields) {
        String key = part.getKey();
        JsonNode value = found.path(key);
        if (FREE.contains(key)) {
          requirePlain(place + "/" + key, value);
        } else {
          compare(place + "/" + key, value, part.getValue());
        }
      }
      for (Iterator<String> keys = found.fieldNames(); keys.hasNext(); ) {
        String key = keys.next();
        if (!expected.has(key)) {
          throw unlike(place + "/" + key, found.get(key), "nothing");
        }
      }
    } else if (!found.equals(expected)) {
      throw unlike(place, found, expected.toString());
    }
  }

  private static void requirePlain(String place, JsonNode found) {
    boolean list = found.isArray();
    for (JsonNode item : found) {
      list &= item.isValueNode();
    }
    if (!list && !found.isValueNode()) {
      throw unlike(place, found, "a value");
    }
  }

  private static IllegalArgumentException unlike(String place, JsonNode found, String expected) {
    return new IllegalArgumentException(
        "%s is %s, expected %s".formatted(place, brief(found.toString()), brief(expected)));
  }

  private static String brief(String json) {
    return json.isEmpty() ? "missing" : json.length() <= 60 ? json : json.substring(0, 60) + "...";
  }
}
