package vivit.dataprep.inspect.statistics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;

/**
 * The file {@code _<set name>.timings.json} next to a shard set: {@code {"videos": [{"video": id,
 * "seconds": s, "frames": n, "bytes": n}, ...]}}. It differs from run to run and is therefore not
 * part of the set.
 */
public final class DecodeTimingsFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DecodeTimingsFile() {}

  /** Path of the file that belongs to a set. */
  public static Path path(Path set) {
    Path folder = new Path(set.toString()); // without a slash at the end
    return new Path(folder.getParent(), "_" + folder.getName() + ".timings.json");
  }

  /** Writes the file, replacing an older one. */
  public static void write(FileSystem fs, Path set, List<DecodeTiming> timings) throws IOException {
    AtomicFile.write(
        fs,
        path(set),
        out -> {
          try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("videos");
            for (DecodeTiming timing : timings) {
              json.writeTree(timing.json());
              json.writeRaw('\n');
            }
            json.writeEndArray();
            json.writeEndObject();
          }
        });
  }

  /**
   * Reads the file; empty if it does not exist.
   *
   * @throws IOException naming the file, if its content is invalid
   */
  public static Optional<List<DecodeTiming>> read(FileSystem fs, Path set) throws IOException {
    Path file = path(set);
    try (InputStream in = AtomicFile.raw(fs).open(file)) {
      JsonNode videos =
          JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8)).path("videos");
      if (!videos.isArray()) {
        throw new IOException("Cannot read " + file + ": it has no list \"videos\"; delete it");
      }
      return Optional.of(DecodeTiming.list(videos));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(
          "Cannot read %s: it is damaged (%s); delete it".formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /**
   * The cost of decoding one video.
   *
   * @param video its id
   * @param seconds of wall-clock time; its own share if several videos are parts of one file
   * @param frames decoded, including frames that no clip shows
   * @param bytes read
   */
  public record DecodeTiming(String video, double seconds, long frames, long bytes)
      implements Serializable {

    /** The timing as JSON, with a field per component. */
    public ObjectNode json() {
      return JSON.createObjectNode()
          .put("video", video)
          .put("seconds", seconds)
          .put("frames", frames)
          .put("bytes", bytes);
    }

    /** Reads a JSON array of timings. */
    public static List<DecodeTiming> list(JsonNode array) {
      List<DecodeTiming> timings = new ArrayList<>();
      for (JsonNode one : array) {
        timings.add(
            new DecodeTiming(
                one.path("video").asText(),
                one.path("seconds").asDouble(),
                one.path("frames").asLong(),
                one.path("bytes").asLong()));
      }
      return List.copyOf(timings);
    }
  }
}
