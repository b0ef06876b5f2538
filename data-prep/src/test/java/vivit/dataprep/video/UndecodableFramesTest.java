package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.dataprep.video.NumberedVideos.assertLine;
import static vivit.dataprep.video.NumberedVideos.cut;
import static vivit.dataprep.video.NumberedVideos.filtered;
import static vivit.dataprep.video.NumberedVideos.made;
import static vivit.dataprep.video.NumberedVideos.numbers;
import static vivit.dataprep.video.NumberedVideos.range;
import static vivit.dataprep.video.NumberedVideos.remarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.CutSettings.Truncated;

/** Frames that cannot be decoded, at the beginning of files and in the middle. */
class UndecodableFramesTest {
  /** 60 frames with key frames at 0 and 45. */
  private static Path whole(String name, String encoding) {
    return made(name, 0, 60, encoding + " -g 45");
  }

  @ParameterizedTest
  @CsvSource({
    "openh264.mp4, -c:v libopenh264 -b:v 900k",
    "openh264.mkv, -c:v libopenh264 -b:v 900k",
    "openh264.ts, -c:v libopenh264 -b:v 900k",
    "mpeg2.ts, -c:v mpeg2video -q:v 2 -bf 2",
    "mpeg1.mpg, -c:v mpeg1video -q:v 2",
    "mpeg4.mp4, -c:v mpeg4 -q:v 2 -bf 2 -sc_threshold 1000000000",
    "mpeg4.avi, -c:v mpeg4 -q:v 2 -sc_threshold 1000000000",
    "flv1.flv, -c:v flv -q:v 2 -sc_threshold 1000000000",
    "wmv2.wmv, -c:v wmv2 -q:v 2 -sc_threshold 1000000000",
    "vp8.webm, -c:v libvpx -b:v 1M -cpu-used 8 -deadline realtime",
    "vp9.webm, -c:v libvpx-vp9 -b:v 1M -cpu-used 8 -deadline realtime",
    "av1.mp4, -c:v libaom-av1 -cpu-used 8 -usage realtime -b:v 1M",
  })
  void aCutBeginningIsNotPartOfTheVideo(String name, String encoding) throws IOException {
    Path file = filtered("cut-" + name, whole(name, encoding), "noise=drop='lt(n\\,13)'");

    CutClips all = cut(file, 15, 0, 1);
    assertLine(all.only().get(0), 45, 60);
    assertThat(remarks(all))
        .anyMatch(remark -> remark.matches("\\d+ frames before .* cannot be decoded; the .*"));
    CutClips views = cut(file, 8, 25, 4);
    assertThat(views.only()).extracting(clip -> numbers(clip)[0]).containsExactly(45, 47, 49, 52);
    assertThat(views.only())
        .allSatisfy(
            clip -> {
              assertThat(clip.madeUp()).isZero();
              assertThat(numbers(clip))
                  .containsExactly(range(numbers(clip)[0], numbers(clip)[7] + 1));
            });
  }

  @Test
  void aPartBeforeTheFirstFrameIsRefused() throws IOException {
    Path file =
        filtered(
            "part-cut.mkv",
            whole("part.mkv", "-c:v libopenh264 -b:v 900k"),
            "noise=drop='lt(n\\,13)'");
    CutClips before = cut(file, 4, 25, Cuts.request(new TimeSpan(0.6, 1.2), 1), StreamChoice.BEST);
    assertThat(before.failed.get(0))
        .hasMessage(
            "its annotated part ends at 1.200 s, its first frame that can be decoded is shown at"
                + " 1.280 s");
  }

  @Test
  void anOpenGroupWithoutTheFrameBeforeIt() throws IOException {
    Path source = Encoding.H264_OPEN_GOP.file();
    Path file =
        MadeVideos.made(
            "open-cut.mkv", "-i %s -c copy -bsf:v noise=drop='lt(n\\,3)'".formatted(source));
    List<Oracle.Frame> frames = Oracle.of(file).frames();
    assertThat(frames).hasSizeBetween(4, 16);
    CutPixels clip = Cuts.of(file, new ClipSettings(frames.size(), 1, 0, 0, 1, 16), 1).get(0);
    FrameAssertions.assertFrames(clip, frames, range(0, frames.size()));
  }

  @Test
  void editedBeginningsStay() throws IOException {
    Path source = made("to-edit.mp4", 0, 60, "-c:v mpeg4 -q:v 2 -bf 2 -g 45");
    Path edited = MadeVideos.made("edited-numbers.mp4", "-ss 0.6 -i " + source + " -c copy");
    CutClips clips = cut(edited, 45, 25, 1);
    assertLine(clips.only().get(0), 15, 60);
    assertThat(remarks(clips)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "vp9.webm, -c:v libvpx-vp9 -b:v 1M -cpu-used 8 -deadline realtime",
    "openh264.mkv, -c:v libopenh264 -b:v 900k",
  })
  void aDamagedFirstFrame(String name, String encoding) throws IOException {
    Path file =
        filtered("first-" + name, whole(name, encoding), "noise=amount='if(eq(n\\,0)\\,2\\,0)'");
    CutClips clips = cut(file, 8, 25, 4);
    assertThat(clips.only()).extracting(clip -> numbers(clip)[0]).containsExactly(45, 47, 49, 52);
    assertThat(clips.only()).extracting(CutPixels::madeUp).containsOnly(0);
    assertThat(remarks(clips))
        .containsExactly("45 frames before 1.800 s cannot be decoded; the video begins there");
  }

  @Test
  void damagedKeyFramesOfADecoderThatInvents() throws IOException {
    Path source = made("keys.avi", 0, 60, "-c:v mpeg4 -q:v 2 -sc_threshold 1000000000 -g 15");
    Path file = filtered("keys-damaged.avi", source, "noise=amount='if(mod(n\\,15)\\,0\\,1)'");
    CutClips clips = cut(file, 8, 25, 6);
    assertThat(clips.failed.isEmpty() || clips.finished.isEmpty()).isTrue();
    clips.failed.values().forEach(bad -> assertThat(bad).hasMessageContaining("cannot be decoded"));
    Path first = filtered("keys-first.avi", source, "noise=amount='if(eq(n\\,0)\\,1\\,0)'");
    CutClips later = cut(first, 8, 25, 4);
    assertThat(later.only())
        .allSatisfy(
            clip -> {
              assertThat(clip.madeUp()).isZero();
              assertThat(numbers(clip)[0]).isGreaterThanOrEqualTo(15);
            });
    assertThat(numbers(later.only().get(0))).containsExactly(range(15, 23));
    assertThat(numbers(later.only().get(3))).containsExactly(range(52, 60));
  }

  @ParameterizedTest
  @CsvSource({"mkv, 6", "avi, 6", "mov, 6"})
  void aDamagedPictureOfMotionJpeg(String container, int views) throws IOException {
    Path source = made("motion." + container, 0, 60, "-c:v mjpeg -q:v 2 -huffman default");
    Path file =
        filtered("motion-damaged." + container, source, "noise=amount='if(eq(n\\,33)\\,1\\,0)'");
    CutClips clips = cut(file, 10, 25, views);
    assertThat(clips.only()).extracting(CutPixels::madeUp).containsExactly(0, 0, 0, 1, 0, 0);
    for (CutPixels clip : clips.only()) {
      int start = clip.origin().startFrame();
      int[] expected = range(start, start + 10);
      if (clip.madeUp() > 0) {
        expected[33 - start] = 32;
      }
      assertThat(numbers(clip)).containsExactly(expected);
    }
  }

  /** A file of which the packets 20 to 30 are damaged, which the decoder notices. */
  private static Path damaged() {
    return filtered(
        "damaged.webm",
        whole("vp9-long.webm", "-c:v libvpx-vp9 -b:v 1M -cpu-used 8 -deadline realtime"),
        "noise=amount='if(between(n\\,20\\,30)\\,2\\,0)'");
  }

  private static CutClips cutWith(double mostMadeUp, int frames, int views) throws IOException {
    CutSettings usual = CutSettings.reference(new ClipSettings(frames, 1, 25, 0, 1, 16));
    CutSettings settings =
        new CutSettings(
            usual.clip(),
            usual.picture(),
            StreamChoice.BEST,
            Truncated.REFUSE,
            mostMadeUp,
            1,
            Codecs.USUAL);
    return CutClips.of(
        CutClips.input(Files.readAllBytes(damaged())),
        settings,
        Cuts.request(TimeSpan.WHOLE, views));
  }

  @Test
  void clipsOfFramesThatDoNotDecodeAreLeftOut() throws IOException {
    CutClips clips = cutWith(0.2, 10, 6);

    assertThat(clips.only()).extracting(CutPixels::view).containsExactly(0, 1, 3, 4, 5);
    assertThat(clips.only()).extracting(CutPixels::madeUp).containsExactly(0, 0, 1, 0, 0);
    for (int intact : new int[] {0, 1, 4}) {
      CutPixels clip = clips.only().get(intact);
      int start = clip.origin().startFrame();
      assertThat(numbers(clip)).containsExactly(range(start, start + 10));
    }
    assertThat(remarks(clips))
        .containsExactly(
            "frames of 1 clip cannot be decoded, up to 1 of a clip; others stand for them",
            "left out, since too many of their frames cannot be decoded: 1 clip (2)");
  }

  @Test
  void aVideoWithoutAClipLeftIsBad() throws IOException {
    CutClips clips = cutWith(0.01, 40, 2);
    assertThat(clips.failed.get(0))
        .hasMessage(
            "none of its clips is left: more than 1 % of the frames of each cannot be decoded"
                + " (prepare.max-made-up)");
  }

  @Test
  void madeUpFramesAreCounted() throws IOException {
    CutClips clips = cutWith(1, 60, 1);
    CutPixels clip = clips.only().get(0);
    int[] numbers = numbers(clip);
    assertThat(Arrays.copyOf(numbers, 20)).containsExactly(range(0, 20));
    int repeated = 0;
    while (numbers[20 + repeated] == 19) {
      repeated++;
    }
    assertThat(clip.madeUp()).isGreaterThanOrEqualTo(Math.max(1, repeated));
    assertThat(remarks(clips))
        .containsExactly(
            "frames of 1 clip cannot be decoded, up to %d of a clip; others stand for them"
                .formatted(clip.madeUp()));
  }
}
