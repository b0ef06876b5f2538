package vivit.dataprep.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.storage.AtomicFile;
import vivit.dataprep.storage.Sha256;
import vivit.dataprep.storage.WholeFile;
import vivit.dataprep.storage.WholeFile.OversizedFileException;

/** Writes and reads the files {@code _manifest.json} and {@code _quarantine.json}. */
public final class ManifestFile {
  /** The list of videos left out; every run writes it, even one that fails. */
  public static final String QUARANTINE_FILE_NAME = "_quarantine.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHECKSUM = "manifest_sha256";

  private ManifestFile() {}

  /** Writes the manifest of a finished set. */
  public static void write(FileSystem fs, Path folder, Manifest manifest) throws IOException {
    writeTo(fs, new Path(folder, Manifest.FILE_NAME), manifest);
  }

  /** Writes a manifest to a file of any name. */
  public static void writeTo(FileSystem fs, Path file, Manifest manifest) throws IOException {
    ObjectNode node = ManifestJson.write(manifest);
    node.put(CHECKSUM, checksum(node));
    AtomicFile.write(fs, file, out -> out.write(bytes(node.toPrettyString())));
  }

  /**
   * Writes the quarantine list.
   *
   * @param good number of videos that were not left out
   */
  public static void writeQuarantine(
      FileSystem fs, Path folder, Quarantine quarantine, LabelHeads heads, long good)
      throws IOException {
    AtomicFile.write(
        fs,
        new Path(folder, QUARANTINE_FILE_NAME),
        out ->
            out.write(bytes(VideoJson.quarantineFile(quarantine, heads, good).toPrettyString())));
  }

  /**
   * Reads the quarantine list of a folder, which a failed preparation also leaves; empty if it is
   * missing, unreadable or too large for the heap.
   */
  public static Optional<Quarantine> readQuarantine(FileSystem fs, Path folder) throws IOException {
    Path file = new Path(folder, QUARANTINE_FILE_NAME);
    CorruptShardException.refuseLink(fs, file);
    try {
      return Optional.of(ManifestJson.quarantine(WholeFile.json(fs, file, JSON)));
    } catch (FileNotFoundException
        | JsonProcessingException
        | OversizedFileException
        | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads the manifest of a folder.
   *
   * @throws CorruptShardException if it is missing, damaged or too new
   */
  public static Manifest read(FileSystem fs, Path folder) throws IOException {
    try {
      return readFrom(fs, new Path(folder, Manifest.FILE_NAME));
    } catch (FileNotFoundException e) {
      throw CorruptShardException.unfinished(fs, folder, Manifest.FILE_NAME);
    }
  }

  /**
   * Reads a manifest from a file of any name.
   *
   * @throws FileNotFoundException if it does not exist
   * @throws CorruptShardException if it is damaged or too new
   */
  public static Manifest readFrom(FileSystem fs, Path file) throws IOException {
    CorruptShardException.refuseLink(fs, file);
    try {
      JsonNode node = WholeFile.json(fs, file, JSON);
      if (!(node instanceof ObjectNode object)) {
        throw new CorruptShardException("Cannot read " + file + ": it is not a JSON object");
      }
      long version = object.path("format_version").asLong(-1);
      if (version > ShardSchema.FORMAT_VERSION) {
        throw CorruptShardException.tooNew(file, version, ShardSchema.FORMAT_VERSION);
      }
      JsonNode expected = object.remove(CHECKSUM);
      String found = checksum(object);
      if (expected == null || !found.equals(expected.asText())) {
        throw new CorruptShardException(
            "Cannot read %s: its content has checksum %s, expected %s; it was damaged or edited, restore it or prepare again"
                .formatted(file, found, expected == null ? "one" : expected.asText()));
      }
      return ManifestJson.read(object);
    } catch (OversizedFileException e) {
      throw CorruptShardException.tooLarge(file, e);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new CorruptShardException(
          "Cannot read %s: it is damaged (%s); restore it or prepare again"
              .formatted(file, firstLine(e)),
          e);
    }
  }

  /** SHA-256 of the compact text, so that white space does not matter. */
  private static String checksum(ObjectNode withoutChecksum) {
    return Sha256.of(bytes(withoutChecksum.toString()));
  }

  private static byte[] bytes(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
