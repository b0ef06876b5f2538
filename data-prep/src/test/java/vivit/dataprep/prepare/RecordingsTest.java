package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vivit.dataprep.prepare.TestVideoFolders.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.Quarantine.Remark;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.shard.VideoList.ListedVideo;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.video.NumberedVideos;

/** Recordings that a camera has split into files become one video each. */
class RecordingsTest {
  private static final String MPEG4 = "-c:v mpeg4 -q:v 2 -bf 2 -g 12";
  private static JavaSparkContext sc;

  @TempDir Path folder;
  private Path input;

  @BeforeAll
  static void start() {
    sc = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  @BeforeEach
  void videos() throws IOException {
    input = folder.resolve("videos");
    copy(NumberedVideos.made("recorded-a.mp4", 0, 30, MPEG4), "ski/GH010123.MP4");
    copy(NumberedVideos.made("recorded-b.mp4", 30, 30, MPEG4), "ski/GH020123.MP4");
    copy(NumberedVideos.made("recorded-c.mp4", 60, 30, MPEG4), "ski/GH030123.MP4");
    copy(NumberedVideos.made("recorded-a.mp4", 0, 30, MPEG4), "surf/GH010124.MP4");
  }

  private void copy(Path from, String to) throws IOException {
    Path file = input.resolve(to);
    Files.createDirectories(file.getParent());
    Files.copy(from, file);
  }

  private PrepareReport prepare(String output, String... more) throws IOException {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "prepare.frames=10",
                "prepare.stride=1",
                "prepare.frames-per-second=25",
                "prepare.views=3",
                "prepare.max-bad-share=0.5",
                "prepare.max-bad-share-per-class=1",
                "prepare.clips-per-shard=6"));
    keys.addAll(List.of(more));
    return PrepareJob.run(
        sc, config(input, folder.resolve(output), Purpose.EVALUATION, keys.toArray(String[]::new)));
  }

  @Test
  void filesOfARecordingAreOneVideo() throws IOException {
    PrepareReport report = prepare("shards");
    assertThat(SetFiles.clips(report))
        .filteredOn(clip -> clip.videoId().equals("ski/GH010123.MP4"))
        .extracting(StoredClip::view)
        .containsExactly(0, 1, 2);
    long bytes = 0;
    for (int i = 1; i <= 3; i++) {
      bytes += Files.size(input.resolve("ski/GH0%d0123.MP4".formatted(i)));
    }
    assertThat(SetFiles.videos(report))
        .extracting(ListedVideo::video)
        .containsExactly("ski/GH010123.MP4", "surf/GH010124.MP4");
    assertThat(SetFiles.videos(report).get(0).bytes()).isEqualTo(bytes);
    assertThat(report.manifest().quarantine().remarked())
        .containsExactly(new Remark("ski/GH010123.MP4", "ski", "a recording in 3 files"));
    assertThat(VerifyJob.run(sc, report.folder()).problems()).isEmpty();

    prepare("helpers", "prepare.isolation=process");
    try (Stream<Path> files = Files.list(folder.resolve("shards"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          assertThat(folder.resolve("helpers").resolve(file.getFileName()))
              .hasSameBinaryContentAs(file);
        }
      }
    }
  }

  @Test
  void filesMayStayVideosOfTheirOwn() throws IOException {
    PrepareReport report = prepare("separate", "prepare.chapters=separate");
    assertThat(SetFiles.videos(report)).hasSize(4);
    assertThat(report.manifest().quarantine().remarked()).isEmpty();
  }

  @Test
  void listNamesFiles() throws IOException {
    Path list = folder.resolve("list.csv");
    Files.writeString(list, "path,label\nski/GH010123.MP4,ski\nski/GH020123.MP4,surf\n");
    PrepareReport report = prepare("listed", "prepare.input=" + list, "prepare.videos=" + input);
    assertThat(SetFiles.videos(report)).hasSize(2);
    assertThat(report.manifest().quarantine().remarked()).isEmpty();
  }

  @Test
  void damagedFileMakesTheRecordingBadUntilItIsMended() throws IOException {
    Path second = input.resolve("ski/GH020123.MP4");
    byte[] whole = Files.readAllBytes(second);
    byte[] damaged = whole.clone(); // of the same length
    int header = whole.length - 100;
    Arrays.fill(damaged, header - 2000, header, (byte) 0x7f);
    Files.write(second, damaged);
    PrepareReport report = prepare("mended");
    Quarantined bad = report.manifest().quarantined().get(0);
    assertThat(bad.video()).isEqualTo("ski/GH010123.MP4");
    assertThat(bad.cause())
        .startsWith("its file GH020123.MP4 cannot be joined to the others: it is");

    Files.write(second, whole);
    Files.setLastModifiedTime(second, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    PrepareReport again = prepare("mended");
    assertThat(again.manifest().quarantined()).isEmpty();
    assertThat(again.manifest().clips()).isEqualTo(6);
  }

  @Test
  void filesThatComeOrGoAreSaid() throws IOException {
    Path third = input.resolve("ski/GH030123.MP4");
    Path away = Files.move(third, folder.resolve("third.mp4"));
    prepare("grown");
    Files.move(away, third);
    assertThatThrownBy(() -> prepare("grown"))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining(
            "of the videos in it 1 are recordings of a camera with other chapters")
        .hasMessageContaining("ski/GH010123.MP4");

    prepare("shrunk");
    Files.move(input.resolve("ski/GH020123.MP4"), folder.resolve("second.mp4"));
    assertThatThrownBy(() -> prepare("shrunk"))
        .hasMessageContaining(
            "of the videos in it 1 are recordings of a camera with other chapters");
  }

  @Test
  void noFrameComesTwiceIntoASet() throws IOException {
    Path first = input.resolve("ski/GH010123.MP4");
    Path away = Files.move(first, folder.resolve("first.mp4"));
    prepare("late"); // the other two by themselves
    Files.move(away, first);
    assertThatThrownBy(() -> prepare("late"))
        .hasMessageContaining("1 are recordings of a camera with other chapters");

    prepare("early");
    Files.move(first, away);
    assertThatThrownBy(() -> prepare("early"))
        .hasMessageContaining("1 are recordings of a camera with other chapters");
  }

  @Test
  void setsWithVideosOfTheirOwnCanGrow() throws IOException {
    Path third = input.resolve("ski/GH030123.MP4");
    Path away = Files.move(third, folder.resolve("third.mp4"));
    prepare("own", "prepare.chapters=separate");
    Files.move(away, third);
    assertThatThrownBy(() -> prepare("own"))
        .hasMessageContaining("1 are recordings of a camera with other chapters");
    assertThat(SetFiles.videos(prepare("own", "prepare.chapters=separate"))).hasSize(4);

    Path second = input.resolve("surf/GH010124.MP4"); // of one chapter: a file like any other
    Files.copy(third, second, StandardCopyOption.REPLACE_EXISTING);
    assertThat(SetFiles.videos(prepare("own", "prepare.chapters=separate"))).hasSize(4);
  }

  @Test
  void interruptedRunsKeepTheirFiles() throws IOException {
    Files.writeString(input.resolve("surf/bad.mp4"), "no video");
    Path third = input.resolve("ski/GH030123.MP4");
    Path away = Files.move(third, folder.resolve("third.mp4"));
    assertThatThrownBy(() -> prepare("begun", "prepare.max-bad-share=0"))
        .hasMessageContaining("cannot be used");
    Files.move(away, third);
    assertThatThrownBy(() -> prepare("begun"))
        .hasMessageContaining("of the videos 1 are recordings of a camera with other chapters");
  }
}
