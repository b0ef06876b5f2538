package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.video.VideoWriter.VideoFormat;

/** Preparations that end too early, and those that go on with them. */
class RestartTest {
  private static final int VIDEOS = 12;

  @TempDir static Path videos;
  private static JavaSparkContext sc;
  private static Path input;
  private static Map<String, byte[]> undisturbed;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    sc = LocalSpark.start(2);
    TroubledFileSystem.install(sc.hadoopConfiguration());
    input = videos.resolve("videos");
    Path first = input.resolve("a/v00.mp4");
    TestVideos.write(first, VideoFormat.H264_MP4, 32, 48, 10, 20);
    for (int i = 1; i < VIDEOS; i++) {
      Path copy =
          input.resolve(i % 3 == 0 ? "b/v%02d.mp4".formatted(i) : "a/v%02d.mp4".formatted(i));
      Files.createDirectories(copy.getParent());
      Files.copy(first, copy);
    }
    Files.writeString(input.resolve("b/bad.mp4"), "no video");
    undisturbed = prepareInto(videos.resolve("undisturbed"));
  }

  @AfterAll
  static void stop() {
    sc.close();
  }

  @AfterEach
  void heal() {
    TroubledFileSystem.heal();
  }

  private static PrepareConfig config(Path output, String... more) {
    List<String> keys = new ArrayList<>();
    keys.add("prepare.max-bad-share=0.5");
    keys.add("prepare.input=" + TroubledFileSystem.uri(input));
    keys.add("prepare.output=" + TroubledFileSystem.uri(output));
    keys.addAll(List.of(more));
    return TestVideoFolders.config(input, output, Purpose.TRAINING, keys.toArray(String[]::new));
  }

  private static Map<String, byte[]> prepareInto(Path output) throws IOException {
    PrepareJob.run(sc, config(output));
    return SetFiles.of(output);
  }

  @Test
  void finishedShardsAreKeptAndNothingIsDecodedTwice() throws Exception {
    Path output = folder.resolve("shards");
    TroubledFileSystem.BROKEN.add("v07.mp4");
    assertThatThrownBy(() -> PrepareJob.run(sc, config(output)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("A shard cannot be made; finished ones are kept for the next run")
        .hasMessageContaining("Input/output error");
    assertThat(output.resolve("_SUCCESS")).doesNotExist();
    sc.sc().listenerBus().waitUntilEmpty(); // listeners count the tasks
    while (sc.sc().statusTracker().getExecutorInfos()[0].numRunningTasks() > 0) {
      Thread.onSpinWait(); // the other task may still be at work
    }
    long finished = results(output);
    TroubledFileSystem.heal();

    PrepareReport report = PrepareJob.run(sc, config(output));

    SetFiles.assertSame(output, undisturbed);
    assertThat(report.kept()).isEqualTo((int) finished);
    // 13 videos, two to a shard
    assertThat(TroubledFileSystem.OPENED).hasSize((int) (13 - 2 * finished));
  }

  @Test
  void wherePlanAndShardsAreDoneOnlyTheEndIsDone() throws IOException {
    Path output = interruptedAt("_videos.jsonl");
    assertThat(results(output)).isEqualTo(7);

    PrepareReport report = PrepareJob.run(sc, config(output));

    assertThat(TroubledFileSystem.OPENED).isEmpty();
    assertThat(report.summary()).contains("; 7 shards finished before");
    SetFiles.assertSame(output, undisturbed);
  }

  @Test
  void aShardWithoutAResultIsMadeAgain() throws IOException {
    Path output = interruptedAt("_videos.jsonl");
    Files.delete(output.resolve("_preparing/part-00002.json"));
    Files.delete(output.resolve("part-00003.parquet"));
    Files.writeString(output.resolve("_preparing/part-00004.json"), "{\"half\":");
    Files.write(output.resolve("part-00005.parquet"), new byte[] {1, 2, 3});
    Files.writeString(
        output.resolve(".part-00006.parquet.123e4567-e89b-12d3-a456-426614174000.tmp"), "half");

    PrepareReport report = PrepareJob.run(sc, config(output));

    assertThat(report.kept()).isEqualTo(3);
    SetFiles.assertSame(output, undisturbed);
  }

  /** As for a process that is killed after any number of operations. */
  @Test
  void theEndCanBeInterruptedAnywhere() throws IOException {
    Path list = folder.resolve("list.csv");
    Files.writeString(list, "v00.mp4,a\nv01.mp4,b\nv02.mp4,a\n");
    for (int i = 0; i < 3; i++) {
      Files.copy(input.resolve("a/v00.mp4"), folder.resolve("v0%d.mp4".formatted(i)));
    }
    String key = "prepare.input=" + TroubledFileSystem.uri(list);
    Path whole = folder.resolve("whole");
    PrepareJob.run(sc, config(whole, key));
    Map<String, byte[]> expected = SetFiles.of(whole);
    Path interrupted = interruptedAt("_videos.jsonl", key);
    int operations = 0;
    for (boolean ended = false; !ended; operations += 13) {
      Path output = folder.resolve("end " + operations);
      SetFiles.copy(interrupted, output);
      TroubledFileSystem.LEFT.set(operations);
      try {
        PrepareJob.run(sc, config(output, key));
        ended = true;
      } catch (TroubledFileSystem.Killed killed) {
        TroubledFileSystem.heal();
        Files.deleteIfExists(output.resolve("_lock"));
        PrepareJob.run(sc, config(output, key));
      }
      SetFiles.assertSame(output, expected);
    }
    assertThat(operations).isGreaterThan(50);
  }

  @Test
  void anotherPreparationCannotGoOn() throws IOException {
    Path output = interruptedAt("_videos.jsonl");
    Map<String, byte[]> before = SetFiles.of(output);

    assertThatThrownBy(() -> PrepareJob.run(sc, config(output, "prepare.stride=3", "seed=8")))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining("holds an unfinished preparation, which this run cannot resume")
        .hasMessageContaining("\n  prepare.stride was 2, now it is 3")
        .hasMessageContaining("\n  seed was 7, now it is 8")
        .hasMessageContaining("or delete that folder to start again");
    Path list = folder.resolve("list.csv");
    Files.writeString(
        list, "path,label\n" + input.resolve("a/v00.mp4") + ",a\n" + input + "/b/v03.mp4,c\n");
    PrepareConfig other =
        TestVideoFolders.config(list, output, Purpose.TRAINING, "prepare.max-bad-share=0.5");
    assertThatThrownBy(() -> PrepareJob.run(sc, other))
        .hasMessageContaining("of the label names 1 are gone (\"b\")")
        .hasMessageContaining("of the label names 1 are new (\"c\")")
        .hasMessageContaining("of the videos 2 are new (")
        .hasMessageContaining("of the videos 13 are gone (\"a/v00.mp4\", ")
        .hasMessageContaining(", ...)");

    SetFiles.assertSame(output, before);
  }

  @Test
  void theLimitOfBadVideosMayBeRaisedForARestart() throws IOException {
    Path output = folder.resolve("shards");
    assertThatThrownBy(() -> PrepareJob.run(sc, config(output, "prepare.max-bad-share=0")))
        .isInstanceOf(PrepareException.class)
        .hasMessageContaining("1 of 13 videos cannot be used");

    PrepareJob.run(sc, config(output));

    SetFiles.assertSame(output, undisturbed);
  }

  /** An output whose preparation stopped at a file of this name. */
  private Path interruptedAt(String name, String... more) throws IOException {
    Path output = folder.resolve("interrupted");
    TroubledFileSystem.dieAt(name);
    assertThatThrownBy(() -> PrepareJob.run(sc, config(output, more)))
        .isInstanceOf(TroubledFileSystem.Killed.class);
    TroubledFileSystem.heal();
    Files.deleteIfExists(output.resolve("_lock"));
    return output;
  }

  private static long results(Path output) throws IOException {
    try (var files = Files.list(output.resolve("_preparing"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .count();
    }
  }
}
