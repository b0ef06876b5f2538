package vivit.dataprep.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.video.VideoWriter.VideoFormat;

/**
 * Real processes that are killed ({@code kill -9}) at random moments, one after the other on the
 * same output. Two kills; {@code -Dvivit.kills=20} makes it twenty.
 */
@Timeout(600)
class KilledPrepareTest {
  private static final int KILLS = Integer.getInteger("vivit.kills", 2);
  private static final int VIDEOS = 8 + 8 * KILLS;
  private static final int SHARDS = VIDEOS / 2;

  @TempDir Path folder;

  @Test
  void endsAsIfNothingHadHappened() throws Exception {
    Path input = folder.resolve("videos");
    Path first = input.resolve("a/000.mp4");
    TestVideos.write(first, VideoFormat.H264_MP4, 32, 48, 10, 20);
    for (int i = 1; i < VIDEOS; i++) {
      Path copy = input.resolve((i % 2 == 0 ? "a/" : "b/") + "%03d.mp4".formatted(i));
      Files.createDirectories(copy.getParent());
      Files.copy(first, copy);
    }
    Files.writeString(input.resolve("a/bad.mp4"), "no video");
    Path undisturbed = folder.resolve("undisturbed");
    try (JavaSparkContext sc = LocalSpark.start(2)) {
      PrepareJob.run(
          sc,
          TestVideoFolders.config(
              input, undisturbed, Purpose.TRAINING, "prepare.max-bad-share=0.5"));
    }
    Map<String, byte[]> expected = SetFiles.of(undisturbed);

    Path output = folder.resolve("killed");
    SplittableRandom random = new SplittableRandom(17);
    int hits = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start(input, output);
      int finished = results(output);
      int more = random.nextInt(1 + 2 * (SHARDS - finished) / (KILLS - kill + 1));
      int moment = random.nextInt(more == 0 ? 4000 : 50);
      boolean ended = false;
      while (!ended && results(output) < finished + more) {
        ended = process.waitFor(2, TimeUnit.MILLISECONDS);
      }
      ended = process.waitFor(moment, TimeUnit.MILLISECONDS);
      process.destroyForcibly();
      process.waitFor();
      hits += ended ? 0 : 1;
    }
    assertThat(hits).as("kills before the end").isGreaterThan(KILLS / 3);

    assertThat(start(input, output).waitFor()).isZero();

    SetFiles.assertSame(output, expected);
  }

  private Process start(Path input, Path output) throws IOException {
    List<String> keys = TestVideoFolders.keys(input, output, Purpose.TRAINING);
    keys.add("prepare.max-bad-share=0.5");
    File log = folder.resolve("log").toFile();
    return new ProcessBuilder(PrepareProcess.command(keys))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  /** Shards that are finished, with their results. */
  private static int results(Path output) {
    String[] names = output.resolve("_preparing").toFile().list();
    int count = 0;
    for (String name : names == null ? new String[0] : names) {
      count += name.startsWith("part-") && name.endsWith(".json") ? 1 : 0;
    }
    return count;
  }
}
