package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.fixture.HostileInput;
import vivit.dataprep.fixture.TinyShardSet;
import vivit.dataprep.storage.Sha256;

/** Shard sets of any content with right checksums, which whoever writes a set can make. */
class HostileShardsTest {
  private static final Configuration CONF = new Configuration();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLIPS = 3;

  @TempDir Path folder;

  private ShardSet open() throws IOException {
    return ShardSet.open(new org.apache.hadoop.fs.Path(folder.toUri()), CONF);
  }

  /** Everything that reads a set: verification, training, inspection. */
  static void readAll(ShardSet set) throws IOException {
    set.listProblems();
    for (int shard = 0; shard < set.shards(); shard++) {
      try (ShardReader reader = set.reader(shard)) {
        reader.footer();
        for (int clip = 0; clip < reader.clips(); clip++) {
          try {
            reader.columns(clip);
          } catch (CorruptShardException e) { // of the pages' own checksums
            assertThat(e).hasMessageContaining("part-");
          }
          reader.read(clip);
        }
      }
      new ShardVerifier(set).verify(shard);
    }
  }

  /** Replaces a shard, with all checksums of its bytes. */
  private void replace(ShardFile old, byte[] bytes, int footerOffset) throws IOException {
    Files.write(folder.resolve(old.name()), bytes);
    byte[] footer = Arrays.copyOfRange(bytes, footerOffset, bytes.length);
    replace(
        new ShardFile(old.name(), old.clips(), bytes.length, "", footerOffset, Sha256.of(footer)));
  }

  private void replace(ShardFile file) throws IOException {
    Manifest old = open().manifest();
    Manifest manifest =
        new Manifest(
            old.formatVersion(),
            old.producer(),
            old.purpose(),
            old.clip(),
            old.heads(),
            List.of(file),
            old.clipsPerLabel(),
            old.videos(),
            old.quarantine(),
            old.config(),
            old.videosSha256());
    ManifestFile.write(
        FileSystem.getLocal(CONF), new org.apache.hadoop.fs.Path(folder.toUri()), manifest);
  }

  private static String crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /** A shard in which one clip's columns, headers or tubelets are hostile. */
  private static byte[] withHostileClip(byte[] good, ShardIndex index, Random random) {
    int clip = random.nextInt(CLIPS);
    int start = (int) index.start(clip);
    int length = index.length(clip);
    String before = crc(good, start, length);
    int hostile = random.nextBoolean() ? length : index.bytesBeforeTubelets(clip) + 60;
    byte[] part =
        HostileInput.bytes(
            Arrays.copyOfRange(good, start, start + Math.min(length, hostile)), random);
    byte[] bad = good.clone();
    System.arraycopy(part, 0, bad, start, Math.min(part.length, length));
    String text = new String(bad, StandardCharsets.ISO_8859_1);
    return text.replace(before, crc(bad, start, length)).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] withHostileFooter(byte[] good, ShardFile file, Random random) {
    int offset = (int) file.footerOffset();
    byte[] footer = Arrays.copyOfRange(good, offset, good.length - 8);
    int from = random.nextInt(footer.length);
    byte[] end = HostileInput.bytes(Arrays.copyOfRange(footer, from, footer.length), random);
    byte[] bad = Arrays.copyOf(good, offset + from + end.length + 8);
    System.arraycopy(end, 0, bad, offset + from, end.length);
    System.arraycopy(good, good.length - 8, bad, bad.length - 8, 8);
    int metadata =
        (good[good.length - 8] & 0xff)
            | (good[good.length - 7] & 0xff) << 8
            | (good[good.length - 6] & 0xff) << 16;
    int longer = metadata + bad.length - good.length; // the metadata still ends where it ends
    for (int i = 0; i < 4; i++) {
      bad[bad.length - 8 + i] = (byte) (longer >> (8 * i));
    }
    return bad;
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void hostileParquet(Compression compression) throws IOException {
    ShardSet set = TinyShardSet.write(folder, compression, CLIPS);
    ShardFile file = set.manifest().shards().get(0);
    byte[] good = Files.readAllBytes(folder.resolve(file.name()));
    ShardIndex index;
    try (ShardReader reader = set.reader(0)) {
      index = reader.index();
    }
    HostileInput.run(
        "clips, " + compression,
        15,
        CorruptShardException.class,
        random -> {
          replace(file, withHostileClip(good, index, random), (int) file.footerOffset());
          readAll(open());
        });
    HostileInput.run(
        "footers, " + compression,
        15,
        CorruptShardException.class,
        random -> {
          replace(file, withHostileFooter(good, file, random), (int) file.footerOffset());
          readAll(open());
        });
  }

  @Test
  void lengthsOfAHugeFileAreNotBelieved() throws IOException {
    ShardSet set = TinyShardSet.write(folder, Compression.NONE, CLIPS);
    ShardFile file = set.manifest().shards().get(0);
    long bytes = 64L << 30; // of nothing: a sparse file takes no room
    try (RandomAccessFile sparse =
        new RandomAccessFile(folder.resolve(file.name()).toFile(), "rw")) {
      sparse.setLength(bytes);
    }
    replace(new ShardFile(file.name(), CLIPS, bytes, "", 4, "00"));
    assertThatThrownBy(() -> readAll(open()))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("part-00000.parquet: it has a footer of 68719476732 bytes, expected")
        .hasMessageEndingWith("if the file is right, give more memory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"part-00000.parquet", "_manifest.json", "_quarantine.json"})
  void linksLeadNowhere(String name) throws IOException {
    Path set = Files.createDirectory(folder.resolve("set"));
    TinyShardSet.write(set, Compression.NONE, CLIPS);
    Path link = Files.createSymbolicLink(folder.resolve("link"), set);
    ShardSet.open(new org.apache.hadoop.fs.Path(link.toUri()), CONF).reader(0).close();
    Files.move(set.resolve(name), folder.resolve("elsewhere"));
    Files.createSymbolicLink(set.resolve(name), folder.resolve("elsewhere"));
    assertThatThrownBy(
            () -> {
              ShardSet linked = ShardSet.open(new org.apache.hadoop.fs.Path(set.toUri()), CONF);
              linked.listProblems();
              linked.reader(0).close();
            })
        .isInstanceOf(CorruptShardException.class)
        .hasMessageStartingWith("Cannot read ")
        .hasMessageContaining(name + ": it is a link, expected a file that prepare wrote; put");
  }

  /** Replaces any value or name of the manifest, and its checksum. */
  private static byte[] hostile(ObjectNode manifest, Random random) {
    ObjectNode json = manifest.deepCopy();
    json.remove("manifest_sha256");
    for (int i = random.nextInt(3); i >= 0; i--) {
      change(json, random);
    }
    json.put("manifest_sha256", Sha256.of(json + "\n"));
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void change(ObjectNode object, Random random) {
    List<String> fields = new ArrayList<>();
    object.fieldNames().forEachRemaining(fields::add);
    if (fields.isEmpty()) {
      return;
    }
    String field = fields.get(random.nextInt(fields.size()));
    JsonNode value = object.get(field);
    if (value.isArray() && value.size() > 0 && value.get(0).isObject() && random.nextBoolean()) {
      change((ObjectNode) value.get(random.nextInt(value.size())), random);
    } else if (value.isObject() && random.nextInt(3) > 0) {
      change((ObjectNode) value, random);
    } else {
      switch (random.nextInt(8)) {
        case 0 -> object.remove(field);
        case 1 -> object.put(field, "../" + value.asText());
        case 2 -> object.put(field, 1e300);
        case 3 -> object.putArray(field).add(value).add(value);
        case 4 -> object.putNull(field);
        case 5 -> object.put(field, "\u202e\0" + "x".repeat(random.nextInt(1 << 16)));
        default -> object.put(field, HostileInput.number(value.asLong(), random));
      }
    }
  }

  @Test
  void hostileManifests() throws IOException {
    TinyShardSet.write(folder, Compression.NONE, 2, 1);
    Path file = folder.resolve("_manifest.json");
    byte[] good = Files.readAllBytes(file);
    ObjectNode tree = (ObjectNode) JSON.readTree(good);
    HostileInput.run(
        "manifests with right checksums",
        75,
        CorruptShardException.class,
        random -> {
          Files.write(file, hostile(tree, random));
          readAll(open());
        });
    HostileInput.run(
        "bytes of manifests",
        50,
        CorruptShardException.class,
        random -> {
          Files.write(file, HostileInput.bytes(good, random));
          readAll(open());
        });
    Files.write(file, good);
    Path quarantine = folder.resolve("_quarantine.json");
    byte[] list = Files.readAllBytes(quarantine);
    HostileInput.run(
        "lists of videos left out",
        50,
        CorruptShardException.class,
        random -> {
          Files.write(quarantine, HostileInput.bytes(list, random));
          assertThat(open().listProblems()).hasSizeLessThan(2);
        });
  }

  @Test
  void hostileListsOfVideos() throws IOException {
    String good =
        """
        {"video":"a/b.mp4","label":"a","start":1.5,"end":3,"bytes":12,"shard":"part-00001.parquet","clips":2}
        {"video":"c.mp4","label":"c","bytes":-1}
        """;
    Path file = folder.resolve("_videos.jsonl");
    HostileInput.run(
        "lists of videos",
        500,
        CorruptShardException.class,
        random -> {
          byte[] bad = HostileInput.bytes(good.getBytes(StandardCharsets.UTF_8), random);
          Files.write(file, bad);
          VideoList.read(
              FileSystem.getLocal(CONF),
              new org.apache.hadoop.fs.Path(file.toUri()),
              Sha256.of(bad));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../part-00000.parquet",
        "/etc/passwd",
        "part-00000.parquet/../../x",
        "part-0000.parquet",
        "part-000000.parquet",
        "part-2147483648.parquet",
        "part-00000.parquet\n",
        "PART-00000.parquet",
        "_manifest.json",
        ""
      })
  void shardsAreCalledByTheirNumbers(String name) throws IOException {
    TinyShardSet.write(folder, Compression.NONE, 1);
    Path file = folder.resolve("_manifest.json");
    ObjectNode manifest = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
    manifest.remove("manifest_sha256");
    ((ObjectNode) manifest.get("shards").get(0)).put("name", name);
    manifest.put("manifest_sha256", Sha256.of(manifest + "\n"));
    Files.writeString(file, manifest.toString());
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("_manifest.json: it is damaged (found a shard called \"")
        .hasMessageContaining("expected a name such as part-00000.parquet)");
    assertThatThrownBy(() -> new ShardFile(name, 1, 10, "", 5, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void largeNumbersNameShardsToo() {
    assertThat(new ShardFile("part-100000.parquet", 1, 10, "", 5, "").number()).isEqualTo(100_000);
    assertThat(new ShardFile("part-2147483647.parquet", 1, 10, "", 5, "").number())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aShardIsListedOnce() throws IOException {
    Manifest good = TinyShardSet.write(folder, Compression.NONE, 1).manifest();
    ShardFile file = good.shards().get(0);
    assertThatThrownBy(
            () ->
                new Manifest(
                    1,
                    "",
                    good.purpose(),
                    good.clip(),
                    good.heads(),
                    List.of(file, file),
                    good.clipsPerLabel(),
                    1,
                    good.quarantine(),
                    good.config(),
                    ""))
        .hasMessage("found the shard part-00000.parquet twice, expected different names");
  }

  @Test
  void aManifestOfAHundredThousandShardsIsRead() throws IOException {
    ShardHeader header = TinyShardSet.header();
    List<ShardFile> shards =
        IntStream.range(0, 100_000)
            .mapToObj(
                i ->
                    new ShardFile(
                        ShardFolder.shardName(i),
                        62,
                        536_870_912,
                        "",
                        536_000_000,
                        "ab".repeat(32)))
            .toList();
    Manifest manifest =
        new Manifest(
            1,
            header.producer(),
            header.purpose(),
            header.clip(),
            header.heads(),
            shards,
            List.of(1L, 2L, 3L),
            9,
            Quarantine.NONE,
            header.config(),
            "");
    FileSystem fs = FileSystem.getLocal(CONF);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toUri());
    ManifestFile.write(fs, path, manifest);
    assertThat(ManifestFile.read(fs, path)).isEqualTo(manifest);
  }

  @Test
  void nestingAndEmptyObjectsAreBounded() throws IOException {
    TinyShardSet.write(folder, Compression.NONE, 1);
    Path file = folder.resolve("_manifest.json");
    Files.writeString(file, "[".repeat(2_000_000));
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("maximum allowed nesting depth");
    long most = Runtime.getRuntime().maxMemory() / 256;
    Files.writeString(file, "[" + "{},".repeat((int) most / 2));
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("_manifest.json: it has more than " + most + " values of JSON");
    Files.writeString(folder.resolve("_quarantine.json"), "[".repeat(2_000_000));
    assertThat(
            ManifestFile.readQuarantine(
                FileSystem.getLocal(CONF), new org.apache.hadoop.fs.Path(folder.toUri())))
        .isEmpty();
  }
}
