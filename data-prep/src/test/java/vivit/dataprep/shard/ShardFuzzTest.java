package vivit.dataprep.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import vivit.dataprep.fixture.FuzzedReader;
import vivit.dataprep.fixture.TinyShardSet;
import vivit.dataprep.storage.Sha256;

/**
 * Files of shard sets. What has a checksum gets the right one, which whoever writes a set can
 * compute.
 */
class ShardFuzzTest extends FuzzedReader {
  private static final Configuration CONF = new Configuration();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLIPS = 2;
  private static final int TAIL = 8;
  private static final String SHARD = "part-00000.parquet";
  private static final String CHECKSUM = "manifest_sha256";

  private final Map<Compression, GoodSet> sets = new EnumMap<>(Compression.class);

  private enum File {
    MANIFEST,
    DAMAGED_MANIFEST,
    FOOTER,
    CLIP,
    SNAPPY_CLIP,
    ZSTD_CLIP,
    LZ4_CLIP,
    QUARANTINE,
    VIDEOS;

    private Compression compression() {
      return switch (this) {
        case SNAPPY_CLIP -> Compression.SNAPPY;
        case ZSTD_CLIP -> Compression.ZSTD;
        case LZ4_CLIP -> Compression.LZ4;
        default -> Compression.NONE;
      };
    }
  }

  /** A whole set in a folder of its own; its manifest is a tree. */
  private record GoodSet(Path folder, byte[] manifest, byte[] shard, int footer, ShardIndex index) {
    static GoodSet write(Path folder, Compression compression) throws IOException {
      ShardSet set = TinyShardSet.write(folder, compression, CLIPS);
      try (ShardReader reader = set.reader(0)) {
        return new GoodSet(
            folder,
            Files.readAllBytes(folder.resolve(Manifest.FILE_NAME)),
            Files.readAllBytes(folder.resolve(SHARD)),
            (int) set.manifest().shards().get(0).footerOffset(),
            reader.index());
      }
    }

    int metadata() {
      return shard.length
          - TAIL
          - ByteBuffer.wrap(shard).order(ByteOrder.LITTLE_ENDIAN).getInt(shard.length - TAIL);
    }

    byte[] clip() {
      int start = (int) index.start(0);
      return Arrays.copyOfRange(shard, start, start + index.length(0));
    }
  }

  private GoodSet set(Compression compression) throws IOException {
    if (!sets.containsKey(compression)) {
      Path own = Files.createTempDirectory(folder, compression.toString());
      sets.put(compression, GoodSet.write(own, compression));
    }
    return sets.get(compression);
  }

  @Override
  protected Map<String, byte[]> seeds() throws IOException {
    GoodSet plain = set(Compression.NONE);
    byte[] metadata = Arrays.copyOfRange(plain.shard, plain.metadata(), plain.shard.length - TAIL);
    Map<String, byte[]> seeds = new TreeMap<>();
    seeds.put("manifest", input(File.MANIFEST, plain.manifest));
    seeds.put("manifest, damaged", input(File.DAMAGED_MANIFEST, plain.manifest));
    seeds.put("footer", input(File.FOOTER, metadata));
    for (File file : new File[] {File.CLIP, File.SNAPPY_CLIP, File.ZSTD_CLIP, File.LZ4_CLIP}) {
      seeds.put(file.toString(), input(file, set(file.compression()).clip()));
    }
    seeds.put(
        "quarantine",
        input(
            File.QUARANTINE,
            Files.readAllBytes(plain.folder.resolve(ManifestFile.QUARANTINE_FILE_NAME))));
    seeds.put(
        "videos",
        input(
            File.VIDEOS,
            "{\"video\":\"a.mp4\",\"label\":\"a\",\"start\":1.5,\"end\":3,\"bytes\":12,"
                + "\"shard\":\"part-00001.parquet\",\"clips\":2}\n"));
    return seeds;
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return e instanceof CorruptShardException;
  }

  @Override
  protected void read(byte[] input) throws IOException {
    File file = form(File.class, input);
    GoodSet good = set(file.compression());
    byte[] bytes = content(input);
    write(good, Manifest.FILE_NAME, good.manifest);
    switch (file) {
      case MANIFEST -> {
        write(good, Manifest.FILE_NAME, trusted(bytes));
        HostileShardsTest.readAll(open(good));
      }
      case DAMAGED_MANIFEST -> {
        write(good, Manifest.FILE_NAME, bytes);
        HostileShardsTest.readAll(open(good));
      }
      case FOOTER -> {
        replace(good, withFooter(good, bytes));
        HostileShardsTest.readAll(open(good));
      }
      case CLIP, SNAPPY_CLIP, ZSTD_CLIP, LZ4_CLIP -> {
        replace(good, withClip(good, bytes));
        HostileShardsTest.readAll(open(good));
      }
      case QUARANTINE -> {
        write(good, ManifestFile.QUARANTINE_FILE_NAME, bytes);
        open(good).listProblems();
      }
      case VIDEOS ->
          VideoList.read(
              FileSystem.getLocal(CONF),
              path(write(good, VideoList.FILE_NAME, bytes)),
              Sha256.of(bytes));
    }
  }

  private static Path write(GoodSet set, String name, byte[] bytes) throws IOException {
    return Files.write(set.folder.resolve(name), bytes);
  }

  private static org.apache.hadoop.fs.Path path(Path file) {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }

  /** The manifest with the checksum of its content, if it is one. */
  private static byte[] trusted(byte[] manifest) throws IOException {
    JsonNode tree;
    try {
      tree = JSON.readTree(new String(manifest, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      return manifest;
    }
    if (!(tree instanceof ObjectNode object)) {
      return manifest;
    }
    object.remove(CHECKSUM);
    object.put(CHECKSUM, Sha256.of(object + "\n"));
    return object.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] withFooter(GoodSet good, byte[] metadata) {
    return ByteBuffer.allocate(good.metadata() + metadata.length + TAIL)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(good.shard, 0, good.metadata())
        .put(metadata)
        .putInt(metadata.length)
        .put(ShardWriter.MAGIC.getBytes(StandardCharsets.ISO_8859_1))
        .array();
  }

  /** The shard with another first clip, and its checksum in the footer. */
  private static byte[] withClip(GoodSet good, byte[] clip) {
    byte[] shard = good.shard.clone();
    int start = (int) good.index.start(0);
    int length = good.index.length(0);
    System.arraycopy(clip, 0, shard, start, Math.min(length, clip.length));
    return new String(shard, StandardCharsets.ISO_8859_1)
        .replace(crc(good.shard, start, length), crc(shard, start, length))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /** Replaces the shard, and what the manifest says of it. */
  private static void replace(GoodSet good, byte[] shard) throws IOException {
    write(good, SHARD, shard);
    ObjectNode manifest = (ObjectNode) JSON.readTree(good.manifest);
    byte[] footer = Arrays.copyOfRange(shard, good.footer, shard.length);
    ((ObjectNode) manifest.get("shards").get(0))
        .put("bytes", shard.length)
        .put("footer_sha256", Sha256.of(footer));
    write(good, Manifest.FILE_NAME, trusted(JSON.writeValueAsBytes(manifest)));
  }

  private static ShardSet open(GoodSet set) throws IOException {
    return ShardSet.open(path(set.folder), CONF);
  }
}
