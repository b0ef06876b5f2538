package vivit.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.Sha256;
import vivit.model.checkpoint.CorruptCheckpointException;

/**
 * Reads and writes {@code state.json}: the state and the checksum of its text. Whoever can write
 * the folder can write a matching checksum, so what the state says is checked as well: a name in it
 * never leads out of the folder.
 */
final class StateFile {
  static final String NAME = "state.json";

  /** Names of a hundred thousand classes take a quarter of this. */
  private static final int MOST_BYTES = 16 << 20;

  private static final int MOST_LAYERS = 10_000;

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private StateFile() {}

  static void write(CheckpointState state, OutputStream out) throws IOException {
    JsonNode body = JSON.valueToTree(state);
    ObjectNode file = JSON.createObjectNode();
    file.put("sha256", checksum(body));
    file.set("state", body);
    out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(file));
  }

  static CheckpointState read(FileSystem fs, Path folder) throws IOException {
    Path path = new Path(folder, NAME);
    JsonNode file;
    try (FSDataInputStream in = fs.open(path)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new CorruptCheckpointException(
            "Cannot read %s: it is longer than the %d bytes that a state can have"
                .formatted(path, MOST_BYTES));
      }
      file = JSON.readTree(bytes);
    } catch (FileNotFoundException missing) {
      throw new CorruptCheckpointException("Cannot read " + path + ": it is missing", missing);
    } catch (JsonProcessingException broken) {
      throw new CorruptCheckpointException(
          "Cannot read " + path + ": it is truncated or not JSON", broken);
    }
    int version = file.path("state").path("format_version").asInt();
    if (version > CheckpointState.FORMAT_VERSION) {
      throw new IOException(
          String.format(
              "Cannot read %s: it has format version %d, this program reads up to %d; use a newer"
                  + " program",
              path, version, CheckpointState.FORMAT_VERSION));
    }
    String found = checksum(file.path("state"));
    if (!found.equals(file.path("sha256").asText())) {
      throw new CorruptCheckpointException(
          String.format(
              "Cannot read %s: it is corrupt, checksum %s, expected %s",
              path, found, file.path("sha256").asText()));
    }
    try {
      return checked(path, JSON.treeToValue(file.path("state"), CheckpointState.class));
    } catch (JsonProcessingException broken) {
      throw foreign(path, broken.getOriginalMessage());
    } catch (IllegalArgumentException broken) {
      throw foreign(path, String.valueOf(broken.getMessage()));
    } catch (NullPointerException | IndexOutOfBoundsException incomplete) { // from the description
      throw foreign(path, "model: a value is missing");
    }
  }

  private static CheckpointState checked(Path path, CheckpointState state) throws IOException {
    if (state == null
        || Stream.of(
                state.model(),
                state.labels(),
                state.labelsHash(),
                state.shardsHash(),
                state.clips(),
                state.config(),
                state.files())
            .anyMatch(Objects::isNull)
        || state.labels().contains(null)) {
      throw foreign(path, "a field is missing");
    }
    for (Map.Entry<String, CheckpointState.Proof> file : state.files().entrySet()) {
      if (!Checkpoint.FILES.contains(file.getKey()) || file.getValue() == null) {
        throw foreign(
            path, "files: found \"%s\", expected %s".formatted(file.getKey(), Checkpoint.FILES));
      }
    }
    if (!state.files().keySet().containsAll(Set.of(Checkpoint.PARAMETERS, Checkpoint.MOMENTUM))) {
      throw foreign(path, "files: found " + state.files().keySet() + ", which lacks one");
    }
    long layers = (long) state.model().spatialLayers() + state.model().temporalLayers();
    if (layers > MOST_LAYERS) {
      throw foreign(path, "model: found %d layers, expected fewer".formatted(layers));
    }
    state.heads(); // refuses models and classes that there cannot be
    return state;
  }

  private static CorruptCheckpointException foreign(Path path, String problem) {
    return new CorruptCheckpointException(
        "Cannot read %s: this program did not write it: %s; do not use the folder unless you trust its origin"
            .formatted(path, problem));
  }

  private static String checksum(JsonNode body) throws JsonProcessingException {
    return Sha256.of(JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
  }
}
