package vivit.dataprep.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.storage.AtomicFile;

/** {@code _manifest.json} and {@code _quarantine.json} as text. */
public final class ManifestFile {
  /** The list of videos left out, written by every run, also a failed one. */
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
    ObjectNode node = toJson(manifest);
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
        out -> out.write(bytes(QuarantineJson.file(quarantine, heads, good).toPrettyString())));
  }

  /**
   * Reads the quarantine list of a folder, which a failed preparation leaves too; empty if there is
   * none that can be read.
   */
  public static Optional<Quarantine> readQuarantine(FileSystem fs, Path folder) throws IOException {
    try (FSDataInputStream in = fs.open(new Path(folder, QUARANTINE_FILE_NAME))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(QuarantineJson.of(JSON.readTree(text)));
    } catch (FileNotFoundException | JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads the manifest of a folder.
   *
   * @throws CorruptShardException if there is none, it is damaged, or it is too new
   */
  public static Manifest read(FileSystem fs, Path folder) throws IOException {
    try {
      return readFrom(fs, new Path(folder, Manifest.FILE_NAME));
    } catch (FileNotFoundException e) {
      throw Unfinished.without(fs, folder, Manifest.FILE_NAME);
    }
  }

  /**
   * Reads a manifest from a file of any name.
   *
   * @throws FileNotFoundException if there is none
   * @throws CorruptShardException if it is damaged or too new
   */
  public static Manifest readFrom(FileSystem fs, Path file) throws IOException {
    byte[] text;
    try (FSDataInputStream in = fs.open(file)) {
      text = in.readAllBytes();
    }
    try {
      JsonNode node = JSON.readTree(new String(text, StandardCharsets.UTF_8));
      if (!(node instanceof ObjectNode object)) {
        throw new CorruptShardException("Cannot read " + file + ": it is not a JSON object");
      }
      int version = object.path("format_version").asInt(-1);
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
      return fromJson(object);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new CorruptShardException(
          "Cannot read %s: it is damaged (%s); restore it or prepare again"
              .formatted(file, firstLine(e)),
          e);
    }
  }

  private static ObjectNode toJson(Manifest manifest) {
    ObjectNode node = JSON.createObjectNode();
    node.put("format_version", manifest.formatVersion());
    node.put("producer", manifest.producer());
    node.put("purpose", manifest.purpose().word());
    node.set("clip", FooterJson.clip(manifest.clip()));
    node.put("clips", manifest.clips());
    node.put("videos", manifest.videos());
    node.put("hash", manifest.hash());
    node.put("labels_hash", manifest.labelsHash());
    node.setAll(LabelsJson.of(manifest.heads(), manifest.clipsPerLabel(), manifest.quarantine()));
    ArrayNode shards = node.putArray("shards");
    manifest.shards().forEach(shard -> shards.add(shard.toJson()));
    if (!manifest.videosSha256().isEmpty()) {
      node.put("videos_sha256", manifest.videosSha256());
    }
    node.set("quarantined", QuarantineJson.quarantined(manifest.quarantine()));
    node.set("salvaged", QuarantineJson.salvaged(manifest.quarantine()));
    ObjectNode config = node.putObject("config");
    manifest.config().forEach(config::put);
    return node;
  }

  private static Manifest fromJson(ObjectNode node) {
    JsonNode clip = node.path("clip");
    LabelHeads heads = LabelsJson.heads(node);
    List<ShardFile> shards = new ArrayList<>();
    node.path("shards").forEach(shard -> shards.add(ShardFile.of(shard)));
    SortedMap<String, String> config = new TreeMap<>();
    node.path("config")
        .fields()
        .forEachRemaining(e -> config.put(e.getKey(), e.getValue().asText()));
    return new Manifest(
        node.path("format_version").asInt(),
        node.path("producer").asText(),
        Purpose.valueOf(node.path("purpose").asText().toUpperCase(Locale.ROOT)),
        new ClipSettings(
            clip.path("frames").asInt(),
            clip.path("stride").asInt(),
            clip.path("frames_per_second").asDouble(),
            clip.path("short_side").asInt(),
            clip.path("tubelet_frames").asInt(),
            clip.path("patch").asInt()),
        heads,
        shards,
        LabelsJson.perLabel(node, "clips"),
        node.path("videos").asLong(),
        QuarantineJson.of(node),
        config,
        node.path("videos_sha256").asText());
  }

  /** Of the compact text, so that white space does not count. */
  private static String checksum(ObjectNode withoutChecksum) {
    return Checksums.sha256(bytes(withoutChecksum.toString()));
  }

  private static byte[] bytes(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
