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
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.Sha256;
import vivit.model.checkpoint.CorruptCheckpointException;

/** Reads and writes {@code state.json}: the state and the checksum of its text. */
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
    JsonNode file;
    try (FSDataInputStream in = fs.open(path)) {
      file = JSON.readTree(in.readAllBytes());
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
    return JSON.treeToValue(file.path("state"), CheckpointState.class);
  }

  private static String checksum(JsonNode body) throws JsonProcessingException {
    return Sha256.of(JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
  }
}
