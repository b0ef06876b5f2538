package vivit.spark.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.WholeFile;

/**
 * The content of a finished folder of features, its file {@code _features.json}.
 *
 * @param model where the model was read from
 * @param modelSha256 of the model without its heads
 * @param shards where the shard set was
 * @param shardsHash of the shard set
 * @param crops of every stored clip
 * @param representation size of a representation, r
 * @param tokens number of tokens of a view, m; 0 if there are none
 * @param width of a token, d
 * @param parts the files, in order
 */
record FeatureManifest(
    String model,
    String modelSha256,
    String shards,
    String shardsHash,
    int crops,
    int representation,
    int tokens,
    int width,
    List<FeaturePart> parts) {
  static final String FILE_NAME = "_features.json";
  static final int FORMAT_VERSION = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A file of features.
   *
   * @param rows views in it
   * @param bytes its length
   */
  record FeaturePart(String name, int rows, long bytes) implements Serializable {}

  FeatureManifest {
    parts = List.copyOf(parts);
  }

  /** Number of views. */
  long rows() {
    return parts.stream().mapToLong(FeaturePart::rows).sum();
  }

  void write(FileSystem fs, Path folder) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("format_version", FORMAT_VERSION);
    root.put("model", model);
    root.put("model_sha256", modelSha256);
    root.put("shards", shards);
    root.put("shards_hash", shardsHash);
    root.put("crops", crops);
    root.put("representation", representation);
    root.put("tokens", tokens);
    root.put("width", width);
    root.put("rows", rows());
    ArrayNode list = root.putArray("parts");
    for (FeaturePart part : parts) {
      list.addObject().put("name", part.name()).put("rows", part.rows()).put("bytes", part.bytes());
    }
    byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    AtomicFile.write(fs, new Path(folder, FILE_NAME), out -> out.write(json));
  }

  /**
   * Reads the manifest of a folder; empty if it has none.
   *
   * @throws IOException if it is damaged or too new
   */
  static Optional<FeatureManifest> read(FileSystem fs, Path folder) throws IOException {
    Path file = new Path(folder, FILE_NAME);
    if (!fs.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode node = WholeFile.json(fs, file, JSON);
      int version = node.path("format_version").asInt(-1);
      if (version > FORMAT_VERSION) {
        throw new IOException(
            "Cannot read %s: format version %d, expected at most %d; use a newer release"
                .formatted(file, version, FORMAT_VERSION));
      }
      FeatureManifest manifest = read(node);
      if (version < 1 || manifest.rows() < 1 || manifest.rows() != node.path("rows").asLong()) {
        throw damaged(file, "its fields contradict each other");
      }
      return Optional.of(manifest);
    } catch (JsonProcessingException unreadable) {
      throw damaged(file, "it is not JSON");
    }
  }

  private static IOException damaged(Path file, String how) {
    return new IOException(
        "Cannot read %s: it is damaged (%s); delete its folder, and the features are computed again"
            .formatted(file, how));
  }

  private static FeatureManifest read(JsonNode node) {
    List<FeaturePart> parts = new ArrayList<>();
    for (JsonNode part : node.path("parts")) {
      parts.add(
          new FeaturePart(
              part.path("name").asText(), part.path("rows").asInt(), part.path("bytes").asLong()));
    }
    return new FeatureManifest(
        node.path("model").asText(),
        node.path("model_sha256").asText(),
        node.path("shards").asText(),
        node.path("shards_hash").asText(),
        node.path("crops").asInt(),
        node.path("representation").asInt(),
        node.path("tokens").asInt(),
        node.path("width").asInt(),
        parts);
  }
}
