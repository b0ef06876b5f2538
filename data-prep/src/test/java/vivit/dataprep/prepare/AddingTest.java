package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.inspect.statistics.DecodeTimingsFile;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.ShardFile;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.video.VideoWriter.VideoFormat;

/** A finished set, prepared again. */
class AddingTest {
  @TempDir static Path videos;
  private static JavaSparkContext sc;
  private static Path video;

  @TempDir Path folder;
  private Path input;
  private Path output;

  @BeforeAll
  static void start() throws IOException {
    sc = LocalSpark.start(2);
    TroubledFileSystem.install(sc.hadoopConfiguration());
    video = videos.resolve("v.mp4");
    TestVideos.write(video, VideoFormat.H264_MP4, 32, 48, 10, 20);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  @BeforeEach
  void prepare() throws IOException {
    input = folder.resolve("videos");
    output = folder.resolve("shards");
    for (String name : List.of("a/1", "a/2", "b/1", "b/2", "b/3")) {
      add(name + ".mp4");
    }
    Files.writeString(input.resolve("b/bad.mp4"), "not whole yet");
    run();
  }

  @AfterEach
  void heal() {
    TroubledFileSystem.heal();
  }

  private void add(String name) throws IOException {
    Path file = input.resolve(name);
    Files.createDirectories(file.getParent());
    Files.copy(video, file);
  }

  private PrepareReport run(String... more) throws IOException {
    return PrepareJob.run(sc, config(input, output, more));
  }

  private static PrepareConfig config(Path input, Path output, String... more) {
    String[] keys = Arrays.copyOf(more, more.length + 1);
    keys[more.length] = "prepare.max-bad-share=0.4";
    return TestVideoFolders.config(input, output, Purpose.TRAINING, keys);
  }

  private Map<String, byte[]> files() throws IOException {
    return SetFiles.of(output);
  }

  @Test
  void nothingNewChangesNothing() throws IOException {
    Map<String, byte[]> before = files();
    FileTime written = Files.getLastModifiedTime(output.resolve("_manifest.json"));

    PrepareReport report = run();

    assertThat(report.summary())
        .startsWith("Nothing to do: ")
        .contains(
            "holds the videos of the list, 10 clips of 5 videos in 2 classes; 1 video left out");
    SetFiles.assertSame(output, before);
    assertThat(Files.getLastModifiedTime(output.resolve("_manifest.json"))).isEqualTo(written);
  }

  @Test
  void newVideosBecomeNewShards() throws IOException {
    Map<String, byte[]> before = files();
    add("a/3.mp4");
    add("a/4.mp4");
    add("b/4.mp4");

    PrepareReport report = run();

    Manifest manifest = report.manifest();
    assertThat(report.summary()).startsWith("Added 3 videos: 16 training clips of 8 videos in 2 ");
    assertThat(manifest.shards())
        .extracting(ShardFile::name)
        .containsExactly(
            "part-00000.parquet",
            "part-00001.parquet",
            "part-00002.parquet",
            "part-00003.parquet",
            "part-00004.parquet");
    before.forEach(
        (name, bytes) -> {
          if (name.endsWith(".parquet")) {
            assertThat(output.resolve(name)).hasBinaryContent(bytes);
          }
        });
    assertThat(manifest.clipsPerLabel()).containsExactly(8L, 8L);
    assertThat(manifest.quarantine().videosPerLabel()).containsExactly(4L, 5L);
    assertThat(manifest.quarantine().badPerLabel()).containsExactly(0L, 1L);
    assertThat(output.resolve("_preparing")).doesNotExist();
    assertThat(Files.readAllLines(output.resolve("_videos.jsonl")))
        .hasSize(8)
        .isSorted()
        .contains(
            "{\"video\":\"a/3.mp4\",\"label\":\"a\",\"bytes\":%d,\"shard\":\"%s\",\"clips\":2}"
                .formatted(Files.size(video), shardOf("a/3.mp4")));
    assertThat(VerifyJob.run(sc, report.folder()).isGood()).isTrue();
    assertThat(
            DecodeTimingsFile.read(
                report.folder().getFileSystem(new Configuration()), report.folder()))
        .hasValueSatisfying(timings -> assertThat(timings).hasSize(8));
    assertThat(run().summary()).startsWith("Nothing to do");
  }

  private String shardOf(String video) throws IOException {
    return Files.readAllLines(output.resolve("_videos.jsonl")).stream()
        .filter(line -> line.contains(video))
        .map(line -> line.replaceAll(".*\"shard\":\"([^\"]*)\".*", "$1"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void badVideosAreTriedAgainWhenTheirFilesChanged() throws IOException {
    Files.copy(
        video, input.resolve("b/bad.mp4"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    PrepareReport report = run();

    assertThat(report.manifest().videos()).isEqualTo(6);
    assertThat(report.manifest().quarantined()).isEmpty();
    assertThat(report.manifest().quarantine().badPerLabel()).containsExactly(0L, 0L);
    assertThat(report.manifest().quarantine().videosPerLabel()).containsExactly(2L, 4L);

    Files.writeString(input.resolve("a/late.mp4"), "0123456789");
    run();
    Path same = input.resolve("a/late.mp4");
    Files.writeString(same, "9876543210");
    Files.setLastModifiedTime(
        same,
        FileTime.fromMillis(
            Files.getLastModifiedTime(output.resolve("_manifest.json")).toMillis() + 1000));
    assertThat(run().prepared()).isEqualTo(1);
    assertThat(PrepareJob.run(sc, config(input, output)).manifest().quarantined())
        .extracting(Quarantined::video)
        .containsExactly("a/late.mp4");
  }

  @Test
  void otherSettingsAndLabelsAreRefused() throws IOException {
    Map<String, byte[]> before = files();
    add("c/1.mp4");
    add("d/1.mp4");

    assertThatThrownBy(() -> run("prepare.short-side=16"))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining("holds a finished shard set that was made differently")
        .hasMessageContaining("\n  prepare.short-side was 24, now it is 16")
        .hasMessageContaining(
            "\n  of the label names 2 are not in it (\"c\", \"d\"); the set has a fixed list of 2");

    SetFiles.assertSame(output, before);
  }

  @Test
  void aVideoWithAnotherLabelIsRefused() throws IOException {
    Path list = folder.resolve("list.csv");
    Path other = folder.resolve("from list");
    Files.writeString(list, "path,label\nvideos/a/1.mp4,a\nvideos/b/1.mp4,b\n");
    PrepareJob.run(sc, config(list, other));
    Files.writeString(list, "path,label\nvideos/a/1.mp4,b\nvideos/b/1.mp4,b\n");

    assertThatThrownBy(() -> PrepareJob.run(sc, config(list, other)))
        .hasMessageContaining("of the videos in it 1 have other labels now (\"videos/a/1.mp4\")");
  }

  @Test
  void interruptedAddingLeavesTheSetAsItWasAndGoesOn() throws IOException {
    Map<String, byte[]> before = files();
    add("a/3.mp4");
    add("b/4.mp4");
    add("b/5.mp4");
    Path interrupted = folder.resolve("interrupted");
    Path killed = folder.resolve("killed");
    SetFiles.copy(output, interrupted);
    run();
    Map<String, byte[]> undisturbed = files();

    TroubledFileSystem.dieAt("part-00003.parquet"); // when the shards are shown
    Path target = interrupted;
    assertThatThrownBy(() -> PrepareJob.run(sc, troubled(target))).isNotNull();
    TroubledFileSystem.heal();
    Files.deleteIfExists(interrupted.resolve("_lock"));
    for (Map.Entry<String, byte[]> file : before.entrySet()) {
      assertThat(interrupted.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
    for (int left = 150; left < 600; left += 67) {
      SetFiles.copy(interrupted, killed);
      TroubledFileSystem.LEFT.set(left);
      try {
        PrepareJob.run(sc, troubled(killed));
      } catch (TroubledFileSystem.Killed | IOException interruption) {
        assertThat(left).isPositive();
      }
      TroubledFileSystem.heal();
      Files.deleteIfExists(killed.resolve("_lock"));
      PrepareJob.run(sc, troubled(killed));
      SetFiles.assertSame(killed, undisturbed);
      try (var files = Files.walk(killed)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private PrepareConfig troubled(Path output) {
    return config(input, output, "prepare.output=" + TroubledFileSystem.uri(output));
  }

  @Test
  void aSetOfAnOlderReleaseIsLeftAlone() throws IOException {
    Path manifest = output.resolve("_manifest.json");
    org.apache.hadoop.fs.FileSystem fs =
        org.apache.hadoop.fs.FileSystem.getLocal(new Configuration());
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(output.toUri());
    Manifest now = vivit.dataprep.shard.ManifestFile.read(fs, path);
    Manifest old =
        new Manifest(
            1,
            now.producer(),
            now.purpose(),
            now.clip(),
            now.heads(),
            now.shards(),
            now.clipsPerLabel(),
            now.videos(),
            now.quarantine(),
            now.config(),
            "");
    vivit.dataprep.shard.ManifestFile.write(fs, path, old);
    byte[] before = Files.readAllBytes(manifest);

    assertThatThrownBy(this::run)
        .hasMessageContaining("of an older release, which keeps no list of videos; choose another");
    assertThat(manifest).hasBinaryContent(before);
  }
}
