package vivit.dataprep.inspect.statistics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/**
 * The file {@code _<set name>.timings.json} next to a shard set: {@code {"videos": [{"video": id,
 * "seconds": s, "frames": n, "bytes": n}, ...]}}. It differs from run to run and is therefore not
 * part of the set.
 */
public final class DecodeTimingsFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> FIELDS = Set.of("video", "seconds", "frames", "bytes");

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
    try (InputStream in = AtomicFile.raw(fs).open(file);
        JsonParser json = JSON.createParser(in)) {
      if (json.nextToken() != JsonToken.START_OBJECT
          || !"videos".equals(json.nextFieldName())
          || json.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("Cannot read " + file + ": it has no list \"videos\"; delete it");
      }
      return Optional.of(timings(json));
    } catch (OversizedFileException e) {
      throw new IOException("Cannot read " + file + ": " + e.getMessage(), e);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(
          "Cannot read %s: it is damaged (%s); delete it".formatted(file, e.getOriginalMessage()),
          e);
    } catch (IllegalStateException e) { // names made to collide in the parser's table
      throw new IOException(
          "Cannot read %s: it is damaged (%s); delete it".formatted(file, e.getMessage()), e);
    }
  }

  /** Reads one timing after the other, since a tree of all would take much more memory. */
  private static List<DecodeTiming> timings(JsonParser json) throws IOException {
    List<DecodeTiming> timings = new ArrayList<>();
    long text = 0;
    while (json.nextToken() == JsonToken.START_OBJECT) {
      DecodeTiming timing = timing(json);
      text += timing.video().length();
      if (timings.size() >= WholeFile.mostRows() || text > WholeFile.mostText()) {
        throw new OversizedFileException(
            "more than %d timings".formatted(timings.size()), WholeFile.mostRows());
      }
      timings.add(timing);
    }
    if (json.currentToken() != JsonToken.END_ARRAY) {
      throw new JsonParseException(json, "timing %d is no object".formatted(timings.size()));
    }
    return timings;
  }

  private static DecodeTiming timing(JsonParser json) throws IOException {
    ObjectNode timing = JSON.createObjectNode();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      if (json.nextToken().isScalarValue() && FIELDS.contains(field)) {
        timing.set(field, json.readValueAsTree());
      } else {
        json.skipChildren();
      }
    }
    return DecodeTiming.of(timing);
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
        timings.add(of(one));
      }
      return List.copyOf(timings);
    }

    private static DecodeTiming of(JsonNode json) {
      return new DecodeTiming(
          json.path("video").asText(),
          json.path("seconds").asDouble(),
          json.path("frames").asLong(),
          json.path("bytes").asLong());
    }
  }
}
