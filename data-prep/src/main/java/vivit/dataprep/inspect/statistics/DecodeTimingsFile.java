package vivit.dataprep.inspect.statistics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;

/**
 * The file {@code _<set name>.timings.json} beside a shard set: {@code {"videos": [{"video": id,
 * "seconds": s, "frames": n, "bytes": n}, ...]}}. It differs from run to run, so it is no part of
 * the set.
 */
public final class DecodeTimingsFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DecodeTimingsFile() {}

  /** Where it lies for the set in a folder. */
  public static Path path(Path set) {
    Path folder = new Path(set.toString()); // without a slash at the end
    return new Path(folder.getParent(), "_" + folder.getName() + ".timings.json");
  }

  /** Writes it, replacing an older one. */
  public static void write(FileSystem fs, Path set, List<DecodeTiming> timings) throws IOException {
    AtomicFile.write(
        fs,
        path(set),
        out -> {
          try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("videos");
            for (DecodeTiming timing : timings) {
              json.writeStartObject();
              json.writeStringField("video", timing.video());
              json.writeNumberField("seconds", timing.seconds());
              json.writeNumberField("frames", timing.frames());
              json.writeNumberField("bytes", timing.bytes());
              json.writeEndObject();
              json.writeRaw('\n');
            }
            json.writeEndArray();
            json.writeEndObject();
          }
        });
  }

  /**
   * Reads it; empty where there is none.
   *
   * @throws IOException naming the file, if it is not such a file
   */
  public static Optional<List<DecodeTiming>> read(FileSystem fs, Path set) throws IOException {
    Path file = path(set);
    try (InputStream in = AtomicFile.raw(fs).open(file)) {
      List<DecodeTiming> timings = new ArrayList<>();
      JsonNode videos =
          JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8)).path("videos");
      if (!videos.isArray()) {
        throw new IOException("Cannot read " + file + ": it has no list \"videos\"; delete it");
      }
      for (JsonNode one : videos) {
        timings.add(
            new DecodeTiming(
                one.path("video").asText(),
                one.path("seconds").asDouble(),
                one.path("frames").asLong(),
                one.path("bytes").asLong()));
      }
      return Optional.of(List.copyOf(timings));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(
          "Cannot read %s: it is damaged (%s); delete it".formatted(file, e.getOriginalMessage()),
          e);
    }
  }
}
