package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.dataprep.video.NumberedVideos.assertLine;
import static vivit.dataprep.video.NumberedVideos.cut;
import static vivit.dataprep.video.NumberedVideos.joined;
import static vivit.dataprep.video.NumberedVideos.made;
import static vivit.dataprep.video.NumberedVideos.numbers;
import static vivit.dataprep.video.NumberedVideos.range;
import static vivit.dataprep.video.NumberedVideos.remarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.text.Figures;
import vivit.dataprep.video.CutSettings.Truncated;

/** Files whose time stamps restart, jump or repeat, checked by the content of their frames. */
class JumpingTimesTest {
  private static final String MPEG2 = "-c:v mpeg2video -q:v 2 -bf 2 -g 10";
  private static final String MPEG4 = "-c:v mpeg4 -q:v 2 -bf 2 -g 10";
  private static final String H264 = "-c:v libopenh264 -b:v 900k -g 10";
  private static final String SOUND = " -f lavfi -i sine=duration=0.8 -c:a mp2";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "mpeg2.ts, " + MPEG2,
    "mpeg2.mpg, " + MPEG2,
    "h264.ts, " + H264,
  })
  void joinedFilesAreOneLine(String name, String encoding) throws IOException {
    Path[] parts = new Path[3];
    for (int part = 0; part < 3; part++) {
      parts[part] = made("part%d-%s".formatted(part, name), 20 * part, 20, encoding);
    }
    Path file = joined(folder.resolve(name), parts);

    for (double rate : new double[] {0, 25}) {
      CutClips clips = cut(file, 60, rate, 1);
      assertLine(clips.only().get(0), 0, 60);
      assertThat(remarks(clips))
          .singleElement()
          .asString()
          .startsWith("its time stamps jump at 2 places, first from ");
    }
    CutClips later = cut(file, 20, 25, 3);
    assertThat(numbers(later.only().get(1))).containsExactly(range(20, 40));
    assertThat(numbers(later.only().get(2))).containsExactly(range(40, 60));
  }

  @ParameterizedTest
  @CsvSource({"mpeg4.mkv, " + MPEG4, "h264.mkv, " + H264})
  void ofJoinedMatroskaFilesTwoAreRead(String name, String encoding) throws IOException {
    Path[] parts = new Path[3];
    for (int part = 0; part < 3; part++) {
      parts[part] = made("part%d-%s".formatted(part, name), 20 * part, 20, encoding);
    }
    CutClips two = cut(joined(folder.resolve("two.mkv"), parts[0], parts[1]), 40, 25, 1);
    assertLine(two.only().get(0), 0, 40);
    assertThat(remarks(two)).singleElement().asString().contains("jump at 1 place,");
    CutClips three = cut(joined(folder.resolve("three.mkv"), parts), 40, 25, 1);
    assertLine(three.only().get(0), 0, 40);
    assertThat(remarks(three)).anyMatch(remark -> remark.contains("joined byte by byte"));
  }

  @ParameterizedTest
  @CsvSource({"0, 5000, 0", "5000, 0, 5000", "0, 11, 22", "90000, 0, 0"})
  void clocksThatAreReset(int first, int second, int third) throws IOException {
    int[] offsets = {first, second, third};
    Path[] parts = new Path[3];
    for (int part = 0; part < 3; part++) {
      parts[part] =
          made(
              "at%d-%d.ts".formatted(offsets[part], part),
              20 * part,
              20,
              MPEG2 + " -output_ts_offset " + offsets[part]);
    }
    CutClips clips = cut(joined(folder.resolve("reset.ts"), parts), 60, 25, 1);
    assertLine(clips.only().get(0), 0, 60);
    assertThat(remarks(clips)).singleElement().asString().contains("jump at 2 places");
  }

  @Test
  void joinedFilesWithSound() throws IOException {
    Path[] parts = new Path[2];
    for (int part = 0; part < 2; part++) {
      Path picture = made("sound%d.ts".formatted(part), 20 * part, 20, MPEG2);
      parts[part] =
          MadeVideos.made("sounding%d.ts".formatted(part), "-i " + picture + SOUND + " -c:v copy");
    }
    CutClips clips = cut(joined(folder.resolve("sound.ts"), parts), 40, 25, 1);
    assertLine(clips.only().get(0), 0, 40);
  }

  @Test
  void whatIsLeftOfJoinedFilesCanBeSalvaged() throws IOException {
    Path one = made("left0.ts", 0, 20, MPEG2);
    Path two = made("left1.ts", 20, 20, MPEG2);
    byte[] bytes = Files.readAllBytes(joined(folder.resolve("left.ts"), one, two));
    CutSettings usual = CutSettings.reference(new ClipSettings(30, 1, 25, 0, 1, 16));
    CutSettings salvage =
        new CutSettings(
            usual.clip(),
            usual.picture(),
            usual.stream(),
            Truncated.SALVAGE,
            usual.mostMadeUp(),
            1,
            usual.codecs());
    CutClips clips =
        CutClips.of(
            CutClips.input(Arrays.copyOf(bytes, bytes.length - 500)),
            salvage,
            Cuts.request(TimeSpan.WHOLE, 2));
    assertLine(clips.only().get(0), 0, 30);
    assertThat(clips.finished.get(0).salvaged()).contains("truncated");
    assertThat(remarks(clips)).singleElement().asString().contains("jump at 1 place,");
  }

  @Test
  void aShortGapIsTrue() throws IOException {
    Path one = made("gap0.ts", 0, 20, MPEG2);
    Path two = made("gap1.ts", 20, 20, MPEG2 + " -output_ts_offset 5");
    CutClips clips = cut(joined(folder.resolve("gap.ts"), one, two), 40, 0, 1);
    assertThat(numbers(clips.only().get(0))).containsExactly(range(0, 40));
    double[] times = clips.only().get(0).origin().timestamps();
    assertThat(times[20] - times[19]).isBetween(4.2, 4.3);
    assertThat(remarks(clips)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mkv"})
  void aLongStillIsTrueAndSaid(String container) throws IOException {
    Path file =
        made(
            "still." + container,
            0,
            40,
            "-vf setpts='(N+gte(N\\,20)*2500)/25/TB' -fps_mode passthrough -c:v mpeg4 -q:v 2");
    CutClips clips = cut(file, 40, 0, 1);
    assertThat(numbers(clips.only().get(0))).containsExactly(range(0, 40));
    assertThat(remarks(clips))
        .containsExactly("one picture stands for 100.0 of its 101.6 seconds, from 0.760 s on");
  }

  @Test
  void equalTimesInMatroska() throws IOException {
    Path source = made("twenty.mkv", 0, 20, "-c:v mpeg4 -q:v 2");
    Path equal = NumberedVideos.filtered("equal.mkv", source, "setts=ts=0");
    assertEqualTimes(equal, 20);
  }

  @Test
  void noDurationsInMp4() throws IOException {
    for (int frames : new int[] {2, 20}) {
      Path source = made("delta%d.mp4".formatted(frames), 0, frames, "-c:v mpeg4 -q:v 2");
      byte[] bytes = Files.readAllBytes(source);
      int box = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("stts");
      ByteBuffer durations = ByteBuffer.wrap(bytes);
      assertThat(durations.getInt(box + 8)).as("entries").isEqualTo(1);
      durations.putInt(box + 16, 0);
      assertEqualTimes(Files.write(folder.resolve("equal.mp4"), bytes), frames);
    }
  }

  @Test
  void pairsOfEqualTimesWithReorderedFrames() throws IOException {
    Path source = made("twenty-b.mkv", 0, 20, "-c:v mpeg4 -q:v 2 -bf 2");
    Path pairs =
        NumberedVideos.filtered("pairs.mkv", source, "setts=pts=floor(PTS/80)*80:dts=DTS-200");
    CutClips clips = cut(pairs, 20, 0, 1);
    assertThat(numbers(clips.only().get(0))).containsExactly(range(0, 20));
    assertThat(remarks(clips))
        .anyMatch(remark -> remark.contains("the time stamp of the next one"));
  }

  private static void assertEqualTimes(Path file, int frames) throws IOException {
    CutClips all = cut(file, frames, 0, 1);
    assertThat(numbers(all.only().get(0))).containsExactly(range(0, frames));
    assertThat(remarks(all))
        .containsExactly(
            "%s of %d with the time stamp of the next one; only prepare.frames-per-second=0 shows them"
                .formatted(Figures.of(frames - 1, "frame"), frames));
    CutClips timed = cut(file, 1, 25, 1);
    assertThat(numbers(timed.only().get(0))).containsExactly(frames - 1);
  }

  @Test
  void hiddenFramesDoNotCount() throws IOException {
    Path file =
        made(
            "hidden.webm",
            0,
            60,
            "-c:v libvpx -g 45 -b:v 1M -auto-alt-ref 1 -lag-in-frames 16 -cpu-used 4");
    CutClips clips = cut(file, 60, 0, 1);
    assertLine(clips.only().get(0), 0, 60);
    assertThat(clips.only().get(0).madeUp()).isZero();
    assertThat(remarks(clips)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"mp4, -c:v mpeg4 -q:v 2", "flv, -c:v flv -q:v 2"})
  void joinedFilesOfWhichOnlyTheFirstIsReadAreSaid(String container, String encoding)
      throws IOException {
    Path one = made("first." + container, 0, 20, encoding);
    Path two = made("second." + container, 20, 20, encoding);
    CutClips clips = cut(joined(folder.resolve("joined." + container), one, two), 20, 25, 1);
    assertThat(numbers(clips.only().get(0))).containsExactly(range(0, 20));
    assertThat(remarks(clips))
        .singleElement()
        .asString()
        .contains("several files joined byte by byte");
    assertThat(remarks(cut(one, 20, 25, 1))).isEmpty();
  }
}
