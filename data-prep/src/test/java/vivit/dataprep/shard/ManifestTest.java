package vivit.dataprep.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.TinyShardSet;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.storage.Sha256;

/** One test per field of {@code _manifest.json}. */
class ManifestTest {
  @TempDir Path folder;
  private Manifest manifest;
  private JsonNode json;

  @BeforeEach
  void write() throws IOException {
    manifest = TinyShardSet.write(folder, Compression.NONE, 3, 2).manifest();
    json = new ObjectMapper().readTree(folder.resolve("_manifest.json").toFile());
  }

  private ShardSet open() throws IOException {
    return ShardSet.open(new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration());
  }

  @Test
  void formatVersion() {
    assertThat(manifest.formatVersion()).isEqualTo(1);
    assertThat(json.get("format_version").asInt()).isEqualTo(1);
  }

  @Test
  void producer() {
    assertThat(manifest.producer()).isEqualTo("test 1.0");
    assertThat(json.get("producer").asText()).isEqualTo("test 1.0");
  }

  @Test
  void purpose() {
    assertThat(manifest.purpose()).isEqualTo(Purpose.EVALUATION);
    assertThat(json.get("purpose").asText()).isEqualTo("evaluation");
  }

  @Test
  void clip() {
    assertThat(manifest.clip()).isEqualTo(TinyShardSet.CLIP);
    assertThat(manifest.frames()).isEqualTo(6);
    assertThat(manifest.stride()).isEqualTo(5);
    assertThat(manifest.framesPerSecond()).isEqualTo(12.5);
    assertThat(manifest.shortSide()).isEqualTo(11);
    assertThat(manifest.tubeletFrames()).isEqualTo(2);
    assertThat(manifest.patch()).isEqualTo(4);
    assertThat(json.get("clip").toString())
        .isEqualTo(
            "{\"frames\":6,\"stride\":5,\"frames_per_second\":12.5,\"short_side\":11,"
                + "\"tubelet_frames\":2,\"patch\":4}");
  }

  @Test
  void clips() {
    assertThat(manifest.clips()).isEqualTo(5);
    assertThat(json.get("clips").asInt()).isEqualTo(5);
  }

  @Test
  void videos() {
    assertThat(manifest.videos()).isEqualTo(5);
    assertThat(json.get("videos").asInt()).isEqualTo(5);
  }

  @Test
  void labels() {
    assertThat(manifest.labels()).isEqualTo(TinyShardSet.LABELS.names());
    assertThat(manifest.heads().get(0).map().names()).isEqualTo(TinyShardSet.LABELS.names());
    assertThat(manifest.clipsPerLabel()).containsExactly(2L, 2L, 1L);
    assertThat(json.get("labels").get(2).toString())
        .isEqualTo("{\"id\":2,\"name\":\"Wave, \\\"big\\\"\",\"clips\":1}");
  }

  @Test
  void labelsHash() {
    assertThat(manifest.labelsHash()).isEqualTo(TinyShardSet.LABELS.hash());
    assertThat(json.get("labels_hash").asText()).isEqualTo(TinyShardSet.LABELS.hash());
  }

  @Test
  void shards() throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve("part-00001.parquet"));
    ShardFile file = manifest.shards().get(1);
    byte[] footer = Arrays.copyOfRange(bytes, (int) file.footerOffset(), bytes.length);
    assertThat(file)
        .isEqualTo(
            new ShardFile(
                "part-00001.parquet", 2, bytes.length, "", file.footerOffset(), Sha256.of(footer)));
    assertThat(json.get("shards").get(1).get("footer_offset").asLong())
        .isEqualTo(file.footerOffset());
    assertThat(file.checksum()).isEqualTo(file.footerSha256());
  }

  @Test
  void shardsOfOlderReleasesKeepTheirChecksum() {
    ShardFile old = new ShardFile("part-00000.parquet", 2, 100, "ab12", 90, "cd34");
    assertThat(ManifestJson.shard(ManifestJson.shard(old))).isEqualTo(old);
    assertThat(old.checksum()).isEqualTo("ab12");
  }

  @Test
  void quarantined() {
    assertThat(manifest.quarantined())
        .containsExactly(
            new Quarantined(
                "videos/bad.mp4",
                "closing",
                BadKind.TRUNCATED,
                "the file is empty",
                "videos/bad.mp4",
                "byte 0",
                0));
    assertThat(json.get("quarantined").get(0).toString())
        .isEqualTo(
            "{\"video\":\"videos/bad.mp4\",\"label\":\"closing\",\"kind\":\"truncated\","
                + "\"cause\":\"the file is empty\",\"file\":\"videos/bad.mp4\","
                + "\"position\":\"byte 0\",\"bytes\":0}");
    assertThat(folder.resolve("_quarantine.json"))
        .content(StandardCharsets.UTF_8)
        .contains("\"video\" : \"videos/bad.mp4\"");
  }

  @Test
  void salvagedVideosAndClassCounts() throws IOException {
    Quarantine quarantine =
        new Quarantine(
            List.of(),
            List.of(new Remark("b.mp4", "opening", "the last 2 s are missing")),
            List.of(new Remark("b.mp4", "opening", "its time stamps jump")),
            List.of(3L, 2L, 1L),
            List.of(1L, 0L, 0L));
    FileSystem fs = FileSystem.getLocal(new Configuration());
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(folder + "/other.json");
    Manifest with =
        new Manifest(
            1,
            manifest.producer(),
            manifest.purpose(),
            manifest.clip(),
            manifest.heads(),
            manifest.shards(),
            manifest.clipsPerLabel(),
            5,
            quarantine,
            manifest.config(),
            "abc");
    ManifestFile.writeTo(fs, file, with);

    assertThat(ManifestFile.readFrom(fs, file)).isEqualTo(with);
    JsonNode written = new ObjectMapper().readTree(folder.resolve("other.json").toFile());
    assertThat(written.get("videos_sha256").asText()).isEqualTo("abc");
    assertThat(written.get("salvaged").get(0).toString())
        .isEqualTo(
            "{\"video\":\"b.mp4\",\"label\":\"opening\",\"what\":\"the last 2 s are missing\"}");
    assertThat(written.get("labels").get(0).toString())
        .isEqualTo("{\"id\":0,\"name\":\"opening\",\"clips\":2,\"videos\":3,\"bad\":1}");
  }

  @Test
  void config() {
    assertThat(manifest.config()).containsEntry("seed", "7").hasSize(1);
    assertThat(json.get("config").toString()).isEqualTo("{\"seed\":\"7\"}");
  }

  @Test
  void hash() throws IOException {
    assertThat(json.get("hash").asText()).isEqualTo(manifest.hash()).hasSize(64);
    Path other = Files.createDirectory(folder.resolve("other"));
    assertThat(TinyShardSet.write(other, Compression.NONE, 3, 2).manifest().hash())
        .isEqualTo(manifest.hash());
    Path fewer = Files.createDirectory(folder.resolve("fewer"));
    assertThat(TinyShardSet.write(fewer, Compression.NONE, 3, 1).manifest().hash())
        .isNotEqualTo(manifest.hash());
  }

  @Test
  void aNewerVersionIsRefused() throws IOException {
    edit("\"format_version\" : 1", "\"format_version\" : 3");
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("_manifest.json: it has format version 3, this release reads up to")
        .hasMessageEndingWith("use a newer release of ViViT on Spark");
  }

  @Test
  void anEditedManifestIsRefused() throws IOException {
    edit("\"clips\" : 5", "\"clips\" : 6");
    assertThatThrownBy(this::open).hasMessageContaining("it was damaged or edited");
  }

  @Test
  void halfAManifestIsRefused() throws IOException {
    byte[] text = Files.readAllBytes(folder.resolve("_manifest.json"));
    for (int length = 0; length < text.length - 2; length += 97) {
      Files.write(folder.resolve("_manifest.json"), Arrays.copyOf(text, length));
      assertThatThrownBy(this::open).isInstanceOf(CorruptShardException.class);
    }
  }

  @Test
  void anUnfinishedFolderIsRefused() throws IOException {
    Files.delete(folder.resolve("_SUCCESS"));
    assertThatThrownBy(this::open).hasMessageContaining("it has no _SUCCESS; its prep");
    Files.delete(folder.resolve("_manifest.json"));
    assertThatThrownBy(this::open)
        .hasMessageContaining("is not a finished shard set: it has no _manifest.json; its prep")
        .hasMessageContaining("was refused for too many bad videos: look at them with vivit insp");
    Files.createFile(folder.resolve("_videos.jsonl"));
    assertThatThrownBy(this::open).hasMessageContaining("it was lost: copy the set again");
    Files.createDirectory(folder.resolve("_preparing"));
    assertThatThrownBy(this::open)
        .hasMessageContaining("was interrupted or refused: run prepare again with the same")
        .hasMessageEndingWith("; vivit inspect shows the videos that were left out");
  }

  @Test
  void aFolderThatIsNotThereIsCalledSo() {
    folder = folder.resolve("nothing");
    assertThatThrownBy(this::open).hasMessageContaining("there is no such folder; check the path");
  }

  private void edit(String old, String replacement) throws IOException {
    Path file = folder.resolve("_manifest.json");
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, replacement));
  }
}
