package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.tfrecord.TestJpegs;
import vivit.dataprep.tfrecord.TestRecords;

class PrepareRecordsTest {
  private static final List<byte[]> SMALL = TestJpegs.numbered(20, 48, 64);
  private static final List<byte[]> WIDE = TestJpegs.numbered(30, 32, 80);
  private static JavaSparkContext sc;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    sc = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  private PrepareConfig config(String input, Purpose purpose, String... more) {
    List<String> keys = new ArrayList<>(List.of("prepare.frames-per-second=0"));
    keys.addAll(List.of(more));
    return TestVideoFolders.config(
        folder.resolve(input), folder.resolve("out"), purpose, keys.toArray(String[]::new));
  }

  @Test
  void recordsGiveTheSameClipsAsTheirImagesAsVideos() throws IOException {
    byte[] first = TestRecords.of(SMALL).text("a").file("x.mp4").example();
    byte[] second = TestRecords.of(WIDE).text("b").contextLast();
    Files.write(folder.resolve("t-00000-of-00002"), TestRecords.shard(first, second));
    Files.write(folder.resolve("t-00001-of-00002"), new byte[0]);
    Path videos = folder.resolve("videos");
    Files.createDirectories(videos.resolve("a"));
    Files.createDirectories(videos.resolve("b"));
    Files.write(videos.resolve("a/v.mjpeg"), join(SMALL));
    Files.write(videos.resolve("b/w.mjpeg"), join(WIDE));
    Files.writeString(folder.resolve("v.csv"), "videos/a/v.mjpeg,a\nvideos/b/w.mjpeg,b\n");

    PrepareReport report = PrepareJob.run(sc, config("t@2", Purpose.EVALUATION));
    List<StoredClip> clips = SetFiles.clips(report);
    PrepareConfig asVideos =
        TestVideoFolders.config(
            folder.resolve("v.csv"),
            folder.resolve("out-v"),
            Purpose.EVALUATION,
            "prepare.frames-per-second=0");
    List<StoredClip> expected = SetFiles.clips(PrepareJob.run(sc, asVideos));

    assertThat(report.manifest().labels()).containsExactly("a", "b");
    assertThat(report.manifest().quarantined()).isEmpty();
    assertThat(clips).hasSize(6);
    for (StoredClip clip : clips) {
      StoredClip other =
          expected.stream()
              .filter(one -> one.label() == clip.label() && one.view() == clip.view())
              .findFirst()
              .orElseThrow();
      assertThat(clip.pixels()).isEqualTo(other.pixels());
      assertThat(clip.videoId())
          .isEqualTo(clip.label() == 0 ? "t-00000-of-00002#0:x.mp4" : "t-00000-of-00002#1");
    }
  }

  @Test
  void nounsAndVerbsComeFromOneListOfIds() throws IOException {
    Path labels = Files.createDirectories(folder.resolve("labels"));
    Files.writeString(labels.resolve("noun.txt"), "cup\nplate\ntap\n");
    Files.writeString(labels.resolve("verb.txt"), "take\nopen\n");
    Files.write(
        folder.resolve("epic.tfrecord"),
        TestRecords.shard(
            TestRecords.of(SMALL).index(1, 3).text("take plate").example(),
            TestRecords.of(SMALL).index(2, 4).text("open tap").example()));

    PrepareReport report =
        PrepareJob.run(
            sc,
            config(
                "epic.tfrecord",
                Purpose.TRAINING,
                "prepare.heads=[noun,verb]",
                "prepare.labels=" + labels));

    assertThat(SetFiles.clips(report))
        .filteredOn(clip -> clip.videoId().equals("epic.tfrecord#1"))
        .hasSize(2)
        .allMatch(clip -> clip.labels().ids().equals(List.of(List.of(2), List.of(1))));
  }

  @Test
  void badRecordsAreLeftOutWithTheirCauses() throws IOException {
    byte[] good = TestRecords.of(SMALL).text("a").example();
    byte[] shard = TestRecords.shard(good, good, good, good);
    shard[shard.length / 4 + good.length / 2] ^= 1; // in a frame of record 1
    shard[shard.length / 4 * 3] ^= 1; // the length of record 3
    Files.write(folder.resolve("x.tfrecord"), shard);

    PrepareReport report =
        PrepareJob.run(sc, config("x.tfrecord", Purpose.TRAINING, "prepare.max-bad-share=0.5"));

    assertThat(report.manifest().videos()).isEqualTo(2);
    assertThat(report.manifest().quarantined()).hasSize(2);
    assertThat(report.manifest().quarantined().get(0).video()).isEqualTo("x.tfrecord#1");
    assertThat(report.manifest().quarantined().get(0).cause())
        .startsWith("the record has checksum ");
    assertThat(report.manifest().quarantined().get(1).video()).isEqualTo("x.tfrecord#3");
    assertThat(report.manifest().quarantined().get(1).cause())
        .contains("the shard cannot be read, so nobody knows how many records are lost");
  }

  @Test
  void whatCannotBePreparedIsRefusedAtOnce() throws IOException {
    Files.write(
        folder.resolve("x.tfrecord"), TestRecords.shard(TestRecords.of(SMALL).index(7).example()));
    assertThatThrownBy(
            () ->
                PrepareJob.run(
                    sc, config("x.tfrecord", Purpose.TRAINING, "prepare.frames-per-second=25")))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("prepare.frames-per-second: found 25.0, but records hold frames");
    assertThatThrownBy(() -> PrepareJob.run(sc, config("x.tfrecord", Purpose.TRAINING)))
        .hasMessageContaining("the records have ids of classes; give the names");
    assertThatThrownBy(() -> PrepareJob.run(sc, config("x@2", Purpose.TRAINING)))
        .hasMessageContaining("x@2: 2 of 2 shards are missing");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private static byte[] join(List<byte[]> images) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    images.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
