package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static vivit.dataprep.prepare.TestVideoFolders.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.BadKind;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine.Quarantined;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.source.SourceException;
import vivit.dataprep.storage.FolderInUseException;
import vivit.dataprep.storage.FolderLock;
import vivit.dataprep.verify.VerifyJob;
import vivit.dataprep.verify.VerifyReport;
import vivit.dataprep.video.VideoClips;

class PrepareJobTest {
  @TempDir static Path videos;
  private static JavaSparkContext sc;
  private static Path input;

  @TempDir Path folder;
  private Path output;

  @BeforeAll
  static void start() throws IOException {
    sc = LocalSpark.start(2);
    input = TestVideoFolders.write(videos);
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  @BeforeEach
  void chooseOutput() {
    output = folder.resolve("shards");
  }

  @Test
  void preparesTrainingClips() throws IOException {
    PrepareReport report = PrepareJob.run(sc, config(input, output, Purpose.TRAINING));

    Manifest manifest = report.manifest();
    assertThat(manifest.labels()).containsExactly("close", "open", "wave");
    assertThat(manifest.clipsPerLabel()).containsExactly(4L, 4L, 4L);
    assertThat(manifest.videos()).isEqualTo(6);
    assertThat(manifest.shards()).extracting(shard -> shard.clips()).containsExactly(4, 4, 4);
    assertThat(manifest.purpose()).isEqualTo(Purpose.TRAINING);
    assertThat(manifest.quarantined()).isEmpty();
    assertThat(report.summary())
        .startsWith("Prepared 12 training clips of 6 videos in 3 classes, 3 shards, in ");
    assertThat(output.toFile().list())
        .containsExactlyInAnyOrder(
            "part-00000.parquet",
            "part-00001.parquet",
            "part-00002.parquet",
            "_manifest.json",
            "_quarantine.json",
            "_videos.jsonl",
            "_SUCCESS");
    assertThat(folder.resolve("_shards.timings.json")).exists();
    List<StoredClip> clips = SetFiles.clips(report);
    assertThat(clips).extracting(StoredClip::clipId).doesNotHaveDuplicates();
    assertThat(clips)
        .filteredOn(clip -> clip.videoId().equals("open/c.mp4"))
        .hasSize(2)
        .allMatch(clip -> clip.label() == 1 && clip.labelName().equals("open"))
        .allMatch(clip -> clip.height() == 24 && clip.width() == 42);
  }

  @Test
  void theSummaryNamesTheSandbox() throws IOException {
    PrepareReport free =
        PrepareJob.run(
            sc,
            config(
                input,
                folder.resolve("free"),
                Purpose.TRAINING,
                "prepare.isolation=process",
                "prepare.sandbox=none"));
    PrepareReport best =
        PrepareJob.run(sc, config(input, output, Purpose.TRAINING, "prepare.isolation=process"));

    assertThat(free.summary()).endsWith("MB/s read, sandbox none");
    assertThat(best.summary()).matches(".*MB/s read, sandbox (bwrap|unshare|none)");
    for (String shard : List.of("part-00000.parquet", "part-00001.parquet", "part-00002.parquet")) {
      assertThat(folder.resolve("free").resolve(shard))
          .hasSameBinaryContentAs(output.resolve(shard));
    }
  }

  @Test
  void aCodecThatIsNotListedIsABadVideo() throws IOException {
    PrepareReport report =
        PrepareJob.run(
            sc,
            config(
                input,
                output,
                Purpose.TRAINING,
                "prepare.codecs=[h264]",
                "prepare.max-bad-share=1",
                "prepare.max-bad-share-per-class=1"));

    assertThat(report.manifest().quarantined())
        .isNotEmpty()
        .allSatisfy(
            bad ->
                assertThat(bad.cause())
                    .matches(
                        "its codec, \\w+, is not among those of prepare.codecs \\(h264\\); add it"
                            + " there or convert it"));
    assertThat(report.manifest().clips()).isPositive();
  }

  @Test
  void preparesTheSameViewsAsPredictionCuts() throws IOException {
    PrepareReport report = PrepareJob.run(sc, config(input, output, Purpose.EVALUATION));

    List<StoredClip> stored =
        SetFiles.clips(report).stream()
            .filter(clip -> clip.videoId().equals("close/b.webm"))
            .toList();
    List<StoredClip> predicted =
        VideoClips.evaluation(
            new Configuration(),
            new org.apache.hadoop.fs.Path(input.resolve("close/b.webm").toUri()),
            TestVideoFolders.CLIP,
            3);
    assertThat(report.manifest().clips()).isEqualTo(18);
    assertThat(stored).extracting(StoredClip::view).containsExactly(0, 1, 2);
    for (int view = 0; view < 3; view++) {
      assertThat(stored.get(view).pixels()).isEqualTo(predicted.get(view).pixels());
    }
  }

  @Test
  void evaluationTakesTheLabelsOfTheTrainingSet() throws IOException {
    Path training = folder.resolve("training");
    PrepareJob.run(sc, config(input, training, Purpose.TRAINING));
    Path csv = folder.resolve("test.csv");
    Files.writeString(csv, input.resolve("wave/d.webm") + ",wave,0.5,1.5\n");

    PrepareConfig config = config(csv, output, Purpose.EVALUATION, "prepare.labels=" + training);
    PrepareReport report = PrepareJob.run(sc, config);

    assertThat(report.manifest().labels()).containsExactly("close", "open", "wave");
    assertThat(report.manifest().clipsPerLabel()).containsExactly(0L, 0L, 3L);
    assertThat(SetFiles.clips(report)).allMatch(clip -> clip.label() == 2);
  }

  @Test
  void refusesLabelsThatTheListLacks() throws IOException {
    Path labels = folder.resolve("labels.txt");
    Files.writeString(labels, "wave\nopen\n");
    PrepareConfig config = config(input, output, Purpose.TRAINING, "prepare.labels=" + labels);

    assertThatThrownBy(() -> PrepareJob.run(sc, config))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("found the folder \"close\" with 2 videos, expected one of the 2")
        .hasMessageContaining("classes of " + labels);
  }

  @Test
  void badVideosAreLeftOutUpToAShare() throws IOException {
    Path input = TestVideoFolders.write(folder);
    Files.write(input.resolve("open/empty.mp4"), new byte[0]);
    Files.writeString(input.resolve("open/text.webm"), "not here");
    PrepareConfig strict = config(input, output, Purpose.TRAINING, "prepare.max-bad-share=0.2");
    PrepareConfig lenient = config(input, output, Purpose.TRAINING, "prepare.max-bad-share=0.25");
    List<Quarantined> bad =
        List.of(
            new Quarantined(
                "open/empty.mp4",
                "open",
                BadKind.TRUNCATED,
                "the file is empty",
                "open/empty.mp4",
                "",
                0),
            new Quarantined(
                "open/text.webm",
                "open",
                BadKind.NO_VIDEO,
                "it is not a video file",
                "open/text.webm",
                "",
                8));

    assertThatThrownBy(() -> PrepareJob.run(sc, strict))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining(
            "2 of 8 videos cannot be used, a share of 0.250; at most 0.200 is allowed"
                + " (prepare.max-bad-share). All causes are in ")
        .hasMessageContaining("open/empty.mp4: the file is empty");
    assertThat(output.resolve("_quarantine.json")).content().contains("it is not a video file");
    assertThat(output.resolve("_SUCCESS")).doesNotExist();
    assertThat(output.resolve("_manifest.json")).doesNotExist();

    PrepareReport report = PrepareJob.run(sc, lenient);
    assertThat(report.manifest().quarantined())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("kind", "position")
        .isEqualTo(bad);
    assertThat(report.manifest().quarantine().videosPerLabel()).containsExactly(2L, 4L, 2L);
    assertThat(report.manifest().quarantine().badPerLabel()).containsExactly(0L, 2L, 0L);
    JsonNode json = new ObjectMapper().readTree(output.resolve("_quarantine.json").toFile());
    assertThat(json.get("videos").asInt()).isEqualTo(8);
    assertThat(json.get("bad").asInt()).isEqualTo(2);
    assertThat(json.get("share").asDouble()).isEqualTo(0.25);
    assertThat(json.get("classes").toString())
        .isEqualTo("[{\"name\":\"open\",\"videos\":4,\"bad\":2,\"share\":0.5}]");
    assertThat(report.manifest().videos()).isEqualTo(6);
    assertThat(VerifyJob.run(sc, report.folder()).problems()).isEmpty();
  }

  private PrepareReport prepare(Path from, String... keys) throws IOException {
    return PrepareJob.run(sc, config(from, output, Purpose.TRAINING, keys));
  }

  @Test
  void aClassMayHaveItsOwnLimitOfBadVideos() throws IOException {
    Path input = TestVideoFolders.write(folder);
    Files.write(input.resolve("open/empty.mp4"), new byte[0]);
    Files.writeString(input.resolve("open/text.webm"), "not here");

    assertThatThrownBy(
            () ->
                prepare(input, "prepare.max-bad-share=0.5", "prepare.max-bad-share-per-class=0.3"))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining(
            "1 class with a larger share of videos that cannot be used than 0.300: \"open\" 2 of 4"
                + " (prepare.max-bad-share-per-class, where 1 lets a class lose all). All causes are"
                + " in ");
  }

  @Test
  void aClassThatLosesAllItsVideosIsRefusedUnlessThatIsAllowed() {
    assertThatThrownBy(() -> prepare(input, "prepare.codecs=[h264]", "prepare.max-bad-share=1"))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining("\"wave\" 2 of 2 (prepare.max-bad-share-per-class, where 1 lets");
  }

  @Test
  void missingFilesAreRefusedBeforeAnythingIsDecoded() throws IOException {
    Path csv = folder.resolve("list.csv");
    Files.writeString(
        csv,
        "path,label\n"
            + input.resolve("wave/d.webm")
            + ",wave\nnowhere/a.mp4,wave\nnowhere/b.mp4,wave\n");
    PrepareConfig strict = config(csv, output, Purpose.TRAINING, "prepare.max-bad-share=0.5");
    assertThatThrownBy(() -> PrepareJob.run(sc, strict))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining("2 of 3 videos cannot be used, a share of 0.667")
        .hasMessageContaining("; missing: 2 files. All causes are in ")
        .hasMessageContaining("nowhere/a.mp4: ");
    assertThat(output.resolve("_preparing")).doesNotExist();

    PrepareReport report =
        PrepareJob.run(sc, config(csv, output, Purpose.TRAINING, "prepare.max-bad-share=0.7"));
    assertThat(report.manifest().videos()).isEqualTo(1);
    assertThat(report.manifest().quarantined())
        .extracting(Quarantined::video, Quarantined::kind, Quarantined::file)
        .containsExactly(
            tuple("nowhere/a.mp4", BadKind.MISSING, "nowhere/a.mp4"),
            tuple("nowhere/b.mp4", BadKind.MISSING, "nowhere/b.mp4"));
  }

  @Test
  void aFileThatMayNotBeReadIsABadVideo() throws IOException {
    TroubledFileSystem.install(sc.hadoopConfiguration());
    TroubledFileSystem.DENIED.add("c.mp4");
    try {
      PrepareReport report =
          PrepareJob.run(
              sc,
              config(
                  input,
                  output,
                  Purpose.TRAINING,
                  "prepare.input=" + TroubledFileSystem.uri(input),
                  "prepare.max-bad-share=0.5"));
      assertThat(report.manifest().quarantined())
          .extracting(Quarantined::video, Quarantined::kind, Quarantined::cause)
          .containsExactly(
              tuple(
                  "open/c.mp4", BadKind.UNREADABLE, "the file may not be read: permission denied"));
    } finally {
      TroubledFileSystem.heal();
    }
  }

  @Test
  void refusesAFolderWithOtherPeoplesFiles() throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("part-00000.parquet"), "precious");
    assertThatThrownBy(() -> PrepareJob.run(sc, config(input, output, Purpose.TRAINING)))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining("is not empty (1 entries, such as part-00000.parquet)");
    assertThat(output.resolve("part-00000.parquet")).hasContent("precious");
    assertThat(output.resolve("_lock")).doesNotExist();
  }

  @Test
  void removesNothingFromAFolderThatItRefuses() throws IOException {
    String uuid = ".123e4567-e89b-12d3-a456-426614174000.tmp";
    List<String> names =
        List.of(
            ".mail.tmp/x",
            ".notes.tmp",
            ".part-00000.parquet" + uuid,
            ".thesis.txt" + uuid,
            "_preparing/plans.txt",
            "thesis.txt");
    for (String name : names) {
      Files.createDirectories(output.resolve(name).getParent());
      Files.writeString(output.resolve(name), "precious");
    }
    assertThatThrownBy(() -> PrepareJob.run(sc, config(input, output, Purpose.TRAINING)))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining("is not empty (4 entries, such as .mail.tmp); choose a new folder");
    Files.delete(output.resolve("thesis.txt"));
    Files.delete(output.resolve(".thesis.txt" + uuid));
    Files.delete(output.resolve(".notes.tmp"));
    Files.move(output.resolve(".mail.tmp"), input.resolveSibling("mail"));
    assertThatThrownBy(() -> PrepareJob.run(sc, config(input, output, Purpose.TRAINING)))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining("_preparing is not empty (1 entries, such as plans.txt)");
    assertThat(output.resolve("_preparing/plans.txt")).hasContent("precious");
    assertThat(output.resolve(".part-00000.parquet" + uuid)).hasContent("precious");

    Files.delete(output.resolve("_preparing/plans.txt"));
    Files.createDirectories(output.resolve("._preparing" + uuid + "/base"));
    PrepareJob.run(sc, config(input, output, Purpose.TRAINING));
    try (Stream<Path> files = Files.list(output)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("_SUCCESS")
          .noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @Test
  void refusesALinkInTheOutputFolderButNotAsTheOutputFolder() throws IOException {
    Path victim = Files.createDirectories(output.resolveSibling("victim"));
    Files.writeString(victim.resolve("videos.jsonl"), "precious");
    Files.createDirectories(output);
    Files.createSymbolicLink(output.resolve("_preparing"), victim);
    assertThatThrownBy(() -> PrepareJob.run(sc, config(input, output, Purpose.TRAINING)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "_preparing: it is a link, expected a folder that prepare wrote; put a copy of what it"
                + " points to in its place");
    assertThat(victim).isDirectoryContaining("glob:**/videos.jsonl");
    assertThat(victim.resolve("videos.jsonl")).hasContent("precious");
    assertThat(output.resolve("_lock")).doesNotExist();

    Files.delete(output.resolve("_preparing"));
    Path link = Files.createSymbolicLink(output.resolveSibling("link"), output);
    PrepareJob.run(sc, config(input, link, Purpose.TRAINING));
    assertThat(output.resolve("_SUCCESS")).exists();
  }

  @Test
  void refusesAFolderInUse() throws IOException {
    FileSystem fs = FileSystem.getLocal(new Configuration());
    try (FolderLock lock =
        FolderLock.acquire(fs, new org.apache.hadoop.fs.Path(output.toUri()), "prepare")) {
      lock.ensureHeld();
      assertThatThrownBy(() -> PrepareJob.run(sc, config(input, output, Purpose.TRAINING)))
          .isInstanceOf(FolderInUseException.class)
          .hasMessageContaining("is in use by prepare (process ");
    }
  }

  @Test
  void clearsAwayWhatACrashedRunOfAnOlderReleaseLeft() throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("_preparing"), "");
    Files.writeString(output.resolve("part-00009.parquet"), "whole but not wanted");
    Files.writeString(
        output.resolve(".part-00001.parquet.123e4567-e89b-12d3-a456-426614174000.tmp"), "half");

    PrepareJob.run(sc, config(input, output, Purpose.TRAINING));

    try (Stream<Path> files = Files.list(output)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .doesNotContain(
              "_preparing",
              "part-00009.parquet",
              ".part-00001.parquet.123e4567-e89b-12d3-a456-426614174000.tmp");
    }
  }

  @Test
  void verifyingNamesEveryBadShard() throws IOException {
    PrepareReport report = PrepareJob.run(sc, config(input, output, Purpose.TRAINING));
    VerifyReport good = VerifyJob.run(sc, report.folder());
    assertThat(good.isGood()).isTrue();
    assertThat(good.text())
        .contains("12 training clips of 6 videos in 3 shards, format version 1")
        .containsPattern("label +3 +0 +4 +4 +4\\s")
        .contains("0 videos left out")
        .endsWith("All checksums, counts and sizes are right.");

    byte[] bytes = Files.readAllBytes(output.resolve("part-00001.parquet"));
    bytes[bytes.length / 2] ^= 4;
    Files.write(output.resolve("part-00001.parquet"), bytes);
    Files.write(output.resolve("part-00002.parquet"), Arrays.copyOf(bytes, 1000));

    VerifyReport report2 = VerifyJob.run(sc, report.folder());
    assertThat(report2.isGood()).isFalse();
    assertThat(report2.problems()).hasSize(2);
    assertThat(report2.problems().get(0))
        .matches(
            ".*part-00001.parquet: clip \\d \\(row group \\d\\) \\(byte \\d+\\) has checksum.*");
    assertThat(report2.problems().get(1)).contains("it is truncated, 1000 bytes");
    assertThat(report2.text()).endsWith("NOT GOOD.");
  }
}
