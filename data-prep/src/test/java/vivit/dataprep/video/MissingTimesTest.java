package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.dataprep.video.NumberedVideos.assertLine;
import static vivit.dataprep.video.NumberedVideos.cut;
import static vivit.dataprep.video.NumberedVideos.numbers;
import static vivit.dataprep.video.NumberedVideos.range;
import static vivit.dataprep.video.NumberedVideos.remarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that state no times, or not those of all frames. */
class MissingTimesTest {
  private static final long NONE = avutil.AV_NOPTS_VALUE;
  private static final int PACKET = 188;

  @TempDir Path folder;

  private static long[] filled(long... shown) {
    MissingTimes.fill(shown, shown.length, 10);
    return shown;
  }

  @Test
  void gapsNearbyAreFilled() {
    assertThat(filled(100, NONE, 120)).containsExactly(100, 110, 120);
    assertThat(filled(100, 140, NONE, 120, 130)).containsExactly(100, 140, 110, 120, 130);
    assertThat(filled(100, NONE, NONE, 140)).containsExactly(100, 110, 120, 140);
  }

  @Test
  void withoutAGapTimeGoesOn() {
    assertThat(filled(100, 110, NONE, NONE)).containsExactly(100, 110, 120, 130);
    assertThat(filled(NONE, NONE, 100)).containsExactly(80, 90, 100);
    assertThat(filled(100, NONE, 100_000)).containsExactly(100, 110, 100_000);
  }

  @Test
  void withoutAnyTimeFramesAreCounted() {
    assertThat(filled(NONE, NONE, NONE)).containsExactly(0, 10, 20);
    long[] whole = {5, 25, 15};
    assertThat(MissingTimes.fill(whole, 3, 10)).isFalse();
    assertThat(whole).containsExactly(5, 25, 15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"avi", "264", "mp4", "ts", "mkv"})
  void manyFramesInAnotherOrder(String container) throws IOException {
    Path source = MadeVideos.kept("h264-8-b-frames.mkv");
    Path raw = MadeVideos.made("many-b.264", "-i " + source + " -c copy -bsf:v h264_mp4toannexb");
    Path file =
        switch (container) {
          case "264" -> raw;
          case "avi" -> MadeVideos.made("many-b.avi", "-r 25 -i " + raw + " -c copy");
          case "mkv" ->
              NumberedVideos.filtered(
                  "many-b-equal.mkv", source, "setts=pts=if(eq(N\\,9)\\,PTS+40\\,PTS)");
          default -> MadeVideos.made("many-b." + container, "-i " + source + " -c copy");
        };
    CutClips clips = cut(file, 60, 0, 1);
    assertThat(numbers(clips.only().get(0))).containsExactly(range(0, 60));
    assertThat(clips.only().get(0).madeUp()).isZero();
  }

  @Test
  void manyFramesOfMpeg4InAnotherOrder() throws IOException {
    Path file =
        NumberedVideos.made(
            "many-b-mpeg4.avi", 0, 60, "-c:v mpeg4 -q:v 2 -bf 8 -b_strategy 0 -g 30");
    assertThat(numbers(cut(file, 60, 0, 1).only().get(0))).containsExactly(range(0, 60));
  }

  /** A transport stream whose packets lack their times where a test says so. */
  private Path without(Path source, IntPredicate timeless) throws IOException {
    byte[] bytes = Files.readAllBytes(source);
    int picture = 0;
    for (int at = 0; at < bytes.length; at += PACKET) {
      int pid = (bytes[at + 1] & 0x1f) << 8 | (bytes[at + 2] & 0xff);
      boolean begins = (bytes[at + 1] & 0x40) != 0;
      if (pid != 0x100 || !begins) {
        continue;
      }
      int header = at + 4 + ((bytes[at + 3] & 0x20) != 0 ? 1 + (bytes[at + 4] & 0xff) : 0);
      if (timeless.test(picture++)) {
        bytes[header + 7] &= 0x3f; // neither time is there
        int length = bytes[header + 8] & 0xff;
        Arrays.fill(bytes, header + 9, header + 9 + length, (byte) 0xff);
      }
    }
    assertThat(picture).isEqualTo(60);
    return Files.write(folder.resolve("timeless.ts"), bytes);
  }

  @Test
  void packetsWithoutTimesInAStream() throws IOException {
    Path source = MadeVideos.kept("h264-8-b-frames.mkv");
    Path whole =
        MadeVideos.made(
            "late-b.ts",
            "-i %s -c copy -bsf:v h264_mp4toannexb -output_ts_offset 3600".formatted(source));
    for (IntPredicate timeless :
        new IntPredicate[] {n -> n == 0, n -> n == 25, n -> n == 59, n -> n == 30 || n == 48}) {
      CutClips clips = cut(without(whole, timeless), 60, 25, 1);
      assertLine(clips.only().get(0), 0, 60);
      assertThat(clips.only().get(0).madeUp()).isZero();
      assertThat(remarks(clips)).isEmpty();
    }
  }
}
