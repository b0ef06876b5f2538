package vivit.spark.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import vivit.dataprep.storage.Links;
import vivit.dataprep.storage.Sha256;
import vivit.model.Head;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.model.checkpoint.StrictJson;
import vivit.model.parameter.ParameterIndex;

/**
 * Reads and writes {@code state.json}: the state and the checksum of its text. Whoever can write
 * the folder can write a matching checksum, so what the state says is checked as well: a name in it
 * never leads out of the folder.
 */
final class StateFile {
  static final String NAME = "state.json";

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
    Links.refuse(fs, path, "a file that train wrote");
    JsonNode file;
    try (FSDataInputStream in = fs.open(path)) {
      byte[] raw = in.readNBytes(StrictJson.LARGEST + 1);
      if (raw.length > StrictJson.LARGEST) {
        throw new CorruptCheckpointException(
            "Cannot read %s: it has more than %d bytes".formatted(path, StrictJson.LARGEST));
      }
      file = StrictJson.parse(path.toString(), raw);
    } catch (IOException failed) {
      throw Unreadable.of(path, failed);
    }
    String found = checksum(file.path("state"));
    if (!found.equals(file.path("sha256").asText())) {
      throw new CorruptCheckpointException(
          String.format(
              "Cannot read %s: it is corrupt, checksum %s, expected %s",
              path, found, file.path("sha256").asText()));
    }
    long version = file.path("state").path("format_version").asLong();
    if (version > CheckpointState.FORMAT_VERSION) {
      throw new IOException(
          String.format(
              "Cannot read %s: it has format version %d, this program reads up to %d; use a newer"
                  + " program",
              path, version, CheckpointState.FORMAT_VERSION));
    }
    try {
      CheckpointState state = JSON.treeToValue(file.path("state"), CheckpointState.class);
      requireSound(state);
      return state;
    } catch (JsonProcessingException unsound) {
      throw foreign(path, unsound.getOriginalMessage());
    } catch (IllegalArgumentException unsound) {
      throw foreign(path, String.valueOf(unsound.getMessage()));
    } catch (NullPointerException | IndexOutOfBoundsException incomplete) { // from the description
      throw foreign(path, "model: a value is missing");
    }
  }

  /** Refuses what no run says: parts that are missing, or that contradict each other. */
  private static void requireSound(CheckpointState state) {
    boolean whole =
        state != null
            && Stream.of(
                    state.model(),
                    state.labels(),
                    state.labelsHash(),
                    state.shardsHash(),
                    state.clips(),
                    state.config(),
                    state.files())
                .noneMatch(Objects::isNull);
    require(whole, "a field is missing");
    require(state.labels().stream().noneMatch(Objects::isNull), "labels: one is missing");
    Set<String> names = state.files().keySet();
    require(
        names.contains(Checkpoint.PARAMETERS) && names.stream().allMatch(Checkpoint::isFile),
        "files: found %s, expected %s and states of an optimiser"
            .formatted(names, Checkpoint.PARAMETERS));
    long parameters = ParameterIndex.of(state.model().config()).length();
    for (Map.Entry<String, CheckpointState.Proof> file : state.files().entrySet()) {
      CheckpointState.Proof proof = file.getValue();
      require(
          proof != null && proof.sha256() != null && proof.bytes() / Float.BYTES >= parameters,
          "files: found %s of %s, expected %d parameters"
              .formatted(file.getKey(), proof, parameters));
    }
    int classes = state.model().config().heads().stream().mapToInt(Head::classes).sum();
    require(
        state.labels().size() == classes,
        "labels: found %d, expected %d".formatted(state.labels().size(), classes));
    state.heads(); // refuses labels that are no label map
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /**
   * @param problem quotes the file, at any length
   */
  private static CorruptCheckpointException foreign(Path path, String problem) {
    return new CorruptCheckpointException(
        "Cannot read %s: this program did not write it: %s; do not use the folder unless you trust its origin"
            .formatted(path, problem.substring(0, Math.min(1000, problem.length()))));
  }

  private static String checksum(JsonNode body) throws JsonProcessingException {
    return Sha256.of(JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
  }
}
