package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.VideoCutter.CutRequest;

/** Compares the frame shown at each moment with the times that FFmpeg's own program prints. */
class FrameTimesTest {
  private static final String LONG_PATTERN = "-f lavfi -i testsrc2=size=64x48:rate=10:duration=12";

  /** Evenly spaced clips at an unusual rate show what a viewer would see. */
  private static void assertShown(Path file, double framesPerSecond, int views) throws IOException {
    Oracle oracle = Oracle.of(file);
    List<Oracle.Frame> frames = oracle.frames();
    double start = frames.get(0).seconds();
    ClipSettings settings = new ClipSettings(5, 2, framesPerSecond, 0, 1, 16);
    for (CutPixels clip : Cuts.of(file, settings, views)) {
      int[] expected =
          IntStream.range(0, 5)
              .map(i -> clip.origin().startFrame() + 2 * i)
              .map(moment -> oracle.shownAt(start + moment / framesPerSecond))
              .toArray();
      FrameAssertions.assertFrames(clip, frames, expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mkv", "mov", "nut"})
  void variableFrameRate(String container) throws IOException {
    Path file =
        MadeVideos.made(
            "variable." + container,
            LONG_PATTERN
                + " -vf setpts='(N*0.1+0.06*sin(N)+0.8*floor(N/30))/TB'"
                + " -fps_mode passthrough -enc_time_base 1/1000 -c:v libopenh264 -g 25");
    assertShown(file, 17, 4);
    assertShown(file, 3, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "late.mp4, 5.3",
    "late.mkv, 5.3",
    "late.ts, 1000",
    "wrapping.ts, 95440",
    "negative.mp4, -0.45",
    "negative.mkv, -0.45",
    "negative.ts, -0.45",
  })
  void timesThatDoNotBeginAtZero(String name, String offset) throws IOException {
    Path file =
        MadeVideos.made(
            name,
            LONG_PATTERN
                + " -c:v mpeg4 -bf 2 -g 25 -avoid_negative_ts disabled -output_ts_offset "
                + offset);
    assertShown(file, 17, 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mpeg4.avi", "mpeg4.m4v", "h264.h264", "mpeg2.m2v", "mjpeg.mjpeg"})
  void noTimesInTheFile(String name) throws IOException {
    String codec = name.startsWith("h264") ? "libopenh264" : name.substring(0, name.indexOf('.'));
    codec = codec.equals("mpeg2") ? "mpeg2video" : codec;
    Path file =
        MadeVideos.made(
            "timeless-" + name,
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=3 -g 12 -c:v " + codec);
    List<Oracle.Frame> frames = Oracle.of(file).frames();
    assertThat(frames).hasSize(75);
    CutPixels clip = Cuts.of(file, new ClipSettings(75, 1, 25, 0, 1, 16), 1).get(0);
    int bytes = 64 * 48 * 3;
    for (int i = 0; i < 75; i++) {
      assertThat(Oracle.difference(frames.get(i), clip.pixels(), i * bytes))
          .as("frame %d", i)
          .isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10, mp4",
    "1, 10, avi",
    "1, 10, mkv",
    "1000, 0.6, mp4",
    "1000, 0.6, mkv",
    "1000, 0.6, avi",
    "30000/1001, 3, mp4",
    "24000/1001, 3, mkv",
    "0.2, 50, mp4",
    "240, 1, mov",
  })
  void frameRates(String rate, double seconds, String container) throws IOException {
    Path file =
        MadeVideos.made(
            "rate-" + rate.replace('/', '-') + "." + container,
            "-f lavfi -i testsrc2=size=32x32:rate="
                + rate
                + ":duration="
                + seconds
                + (container.equals("mkv") ? " -c:v libvpx -deadline realtime" : " -c:v mpeg4"));
    assertShown(file, 17, 3);
    int frames = Oracle.of(file).frames().size();
    CutPixels all = Cuts.of(file, new ClipSettings(frames, 1, 0, 0, 1, 16), 1).get(0);
    assertThat(all.origin().startFrame()).isZero();
    FrameAssertions.assertFrames(
        all, Oracle.of(file).frames(), IntStream.range(0, frames).toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"H264", "H264_B_FRAMES", "HEVC", "VP9", "AV1", "MPEG4_B_FRAMES_AVI"})
  void shorterThanTheClip(String name) throws IOException {
    Encoding encoding = Encoding.valueOf(name);
    List<Oracle.Frame> frames = encoding.oracle().frames();
    CutPixels clip = Cuts.of(encoding.file(), new ClipSettings(64, 1, 10, 0, 1, 16), 1).get(0);
    FrameAssertions.assertFrames(clip, frames, IntStream.range(0, 64).map(i -> i % 20).toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mkv", "webm", "avi", "ts", "gif", "flv"})
  void aSingleFrame(String container) throws IOException {
    String codec =
        switch (container) {
          case "webm" -> " -c:v libvpx";
          case "gif" -> "";
          default -> container.equals("flv") ? " -c:v flv" : " -c:v mpeg4";
        };
    Path file = MadeVideos.made("single." + container, MadeVideos.PATTERN + " -frames:v 1" + codec);
    List<Oracle.Frame> frames = Oracle.of(file).frames();
    for (double rate : new double[] {0, 25}) {
      CutPixels clip = Cuts.of(file, new ClipSettings(4, 2, rate, 0, 1, 16), 2).get(1);
      FrameAssertions.assertFrames(clip, frames, new int[4]);
    }
  }

  @Test
  void anHour() throws IOException {
    Path file =
        MadeVideos.made(
            "hour.mp4", "-f lavfi -i testsrc2=size=32x32:rate=1:duration=3600 -c:v mpeg4 -g 250");
    List<Oracle.Frame> frames = Oracle.of(file).frames();
    CutRequest late = Cuts.request(new TimeSpan(3541.5, 3550), 2);
    CutRequest whole = Cuts.request(TimeSpan.WHOLE, 3);
    CutSettings settings = CutSettings.reference(new ClipSettings(4, 2, 1, 0, 1, 16));
    List<List<CutPixels>> clips = Cuts.of(file, settings, late, whole);
    FrameAssertions.assertFrames(clips.get(0).get(0), frames, new int[] {3541, 3543, 3545, 3547});
    assertThat(clips.get(1))
        .extracting(clip -> clip.origin().timestamps()[0])
        .containsExactly(0.0, 1796.0, 3592.0);
    FrameAssertions.assertFrames(clips.get(1).get(1), frames, new int[] {1796, 1798, 1800, 1802});
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.55", "1.31", "3"})
  void editLists(String start) throws IOException {
    Path source = MadeVideos.made("long-b.mp4", LONG_PATTERN + " -c:v mpeg4 -bf 2 -g 25");
    Path file =
        MadeVideos.made("edited-" + start + ".mp4", "-ss " + start + " -i " + source + " -c copy");
    assertShown(file, 17, 4);
    assertShown(file, 10, 3);
  }

  @Test
  void soundThatStartsBeforeThePicture() throws IOException {
    Path file =
        MadeVideos.made(
            "sound-first.mp4",
            "-itsoffset 1.5 "
                + LONG_PATTERN
                + " -f lavfi -i sine=duration=14 -c:v mpeg4 -g 25 -c:a aac -ar 16000 -ac 1");
    List<Oracle.Frame> frames = Oracle.of(file).frames();
    assertThat(frames.get(0).seconds()).isCloseTo(1.5, within(0.07));
    assertShown(file, 17, 3);
    CutSettings settings = CutSettings.reference(new ClipSettings(4, 1, 10, 0, 1, 16));
    double at = frames.get(40).seconds() + 0.05;
    CutPixels part =
        Cuts.of(file, settings, Cuts.request(new TimeSpan(at, at + 0.4), 1)).get(0).get(0);
    FrameAssertions.assertFrames(part, frames, new int[] {40, 41, 42, 43});
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mkv", "avi", "ts"})
  void longDistancesBetweenKeyFrames(String container) throws IOException {
    Path file =
        MadeVideos.made(
            "long-gop." + container,
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=20 -c:v mpeg4 -bf 2 -g 250");
    assertShown(file, 17, 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mkv", "ts"})
  void partsBeyondTheEndAreRefused(String container) {
    Path file = MadeVideos.made("short." + container, MadeVideos.PATTERN + " -c:v mpeg4");
    CutSettings settings = CutSettings.reference(new ClipSettings(4, 1, 10, 0, 1, 16));
    assertThatThrownBy(() -> Cuts.of(file, settings, Cuts.request(new TimeSpan(5, 6), 1)))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessageContaining("its annotated part starts at 5.000 s, the video ends at 2.");
  }
}
