package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vivit.dataprep.video.NumberedVideos.made;
import static vivit.dataprep.video.NumberedVideos.numbers;
import static vivit.dataprep.video.NumberedVideos.range;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.PictureSettings.Aspect;
import vivit.dataprep.video.PictureSettings.Deinterlace;
import vivit.dataprep.video.PictureSettings.Scaler;
import vivit.dataprep.video.PictureSettings.ToneMap;

/** The shape of pixels, interlaced frames and high dynamic range. */
class PictureSettingsTest {
  private static CutSettings settings(ClipSettings clip, PictureSettings picture) {
    CutSettings usual = CutSettings.reference(clip);
    return new CutSettings(
        clip,
        picture,
        usual.stream(),
        usual.truncated(),
        usual.mostMadeUp(),
        usual.decodeThreads(),
        usual.codecs());
  }

  private static List<CutPixels> cut(
      Path file, ClipSettings clip, PictureSettings picture, int views) throws IOException {
    CutClips clips =
        CutClips.of(
            CutClips.input(Files.readAllBytes(file)),
            settings(clip, picture),
            Cuts.request(TimeSpan.WHOLE, views));
    return clips.only();
  }

  private static PictureSettings deinterlacing(Deinterlace mode) {
    return new PictureSettings(Scaler.REFERENCE, Aspect.STORED, ToneMap.OFF, mode);
  }

  @ParameterizedTest
  @CsvSource({
    "2/1, 0, 64, 192",
    "1/2, 0, 64, 48",
    "16/11, 0, 64, 140",
    "2/1, 32, 32, 96",
    "1/2, 24, 32, 24",
    "0/1, 0, 64, 96",
    "1/1, 0, 64, 96",
  })
  void squarePixels(String shape, int shortSide, int height, int width) throws IOException {
    Path file =
        made(
            "shape%s.mkv".formatted(shape.replace('/', '-')),
            0,
            20,
            "-vf setsar=" + shape + " -c:v mpeg4 -q:v 2");
    ClipSettings clip = new ClipSettings(20, 1, 25, shortSide, 1, 8);
    for (Scaler scaler : Scaler.values()) {
      PictureSettings square =
          new PictureSettings(scaler, Aspect.SQUARE, ToneMap.OFF, Deinterlace.OFF);
      CutPixels shown = cut(file, clip, square, 1).get(0);
      assertThat(shown.height()).isEqualTo(height);
      assertThat(shown.width()).isEqualTo(width);
      assertThat(shown.origin().sourceHeight()).isEqualTo(64);
      assertThat(shown.origin().sourceWidth()).isEqualTo(96);
      assertThat(numbers(shown)).containsExactly(range(0, 20));
    }
    CutPixels stored =
        cut(file, new ClipSettings(20, 1, 25, 0, 1, 8), PictureSettings.REFERENCE, 1).get(0);
    assertThat(stored.width()).isEqualTo(96);
  }

  /** A rotated file keeps the shape of its stored pixels. */
  @Test
  void squarePixelsOfATurnedVideo() throws IOException {
    Path wide = made("wide.mp4", 0, 20, "-vf setsar=2/1 -c:v mpeg4 -q:v 2");
    Path turned =
        MadeVideos.made("wide-turned.mp4", "-display_rotation 90 -i " + wide + " -c copy");
    PictureSettings square =
        new PictureSettings(Scaler.REFERENCE, Aspect.SQUARE, ToneMap.OFF, Deinterlace.OFF);
    CutPixels clip = cut(turned, new ClipSettings(4, 1, 25, 0, 1, 8), square, 1).get(0);
    assertThat(clip.height()).isEqualTo(192);
    assertThat(clip.width()).isEqualTo(64);
    assertThat(clip.origin().sourceHeight()).isEqualTo(96);
    assertThat(clip.origin().sourceWidth()).isEqualTo(64);
  }

  /** 40 frames of two fields each: the upper of one picture, the lower of the next. */
  private static Path interlaced(String name, String encoding) {
    return MadeVideos.made(
        name,
        "-f lavfi -i testsrc2=size=64x48:rate=50:duration=1.6 -vf"
            + " setfield=tff,separatefields,select='not(mod(n\\,4))+eq(mod(n\\,4)\\,3)',weave=first_field=top,setpts=N/25/TB"
            + " -r 25 "
            + encoding);
  }

  @ParameterizedTest
  @CsvSource({
    "ts, -c:v mpeg2video -q:v 2 -flags +ildct+ilme -g 12 -bf 2",
    "mkv, -c:v mpeg2video -q:v 2 -flags +ildct+ilme -g 12",
    "mp4, -c:v mpeg4 -q:v 2 -flags +ildct+ilme -g 12",
  })
  void interlacedFramesAreFiltered(String container, String encoding) throws IOException {
    Path file = interlaced("interlaced." + container, encoding);
    List<Oracle.Frame> frames =
        Oracle.filtered(file, "bwdif=mode=send_frame:deint=interlaced").frames();
    assertThat(frames).hasSize(40);
    ClipSettings all = new ClipSettings(40, 1, 0, 0, 1, 16);

    CutPixels clip = cut(file, all, deinterlacing(Deinterlace.INTERLACED), 1).get(0);

    FrameAssertions.assertFrames(clip, frames, range(0, 40));
    for (CutPixels view :
        cut(file, new ClipSettings(2, 1, 0, 0, 1, 16), deinterlacing(Deinterlace.INTERLACED), 7)) {
      int start = view.origin().startFrame(); // some just after a jump
      FrameAssertions.assertFrames(view, frames, new int[] {start, start + 1});
    }
    CutPixels stored = cut(file, all, PictureSettings.REFERENCE, 1).get(0);
    FrameAssertions.assertFrames(stored, Oracle.of(file).frames(), range(0, 40));
    assertThat(stored.pixels()).isNotEqualTo(clip.pixels());
  }

  @Test
  void framesWithoutMarks() throws IOException {
    Path file =
        interlaced("unmarked.mkv", "-c:v libvpx -b:v 2M -cpu-used 8 -deadline realtime -g 12");
    ClipSettings all = new ClipSettings(40, 1, 0, 0, 1, 16);
    CutPixels marked = cut(file, all, deinterlacing(Deinterlace.INTERLACED), 1).get(0);
    FrameAssertions.assertFrames(marked, Oracle.of(file).frames(), range(0, 40));
    CutPixels filtered = cut(file, all, deinterlacing(Deinterlace.ALL), 1).get(0);
    FrameAssertions.assertFrames(
        filtered, Oracle.filtered(file, "bwdif=mode=send_frame:deint=all").frames(), range(0, 40));
  }

  @Test
  void framesTooSmallForTheFilterAreABadVideo() {
    Path file =
        MadeVideos.made(
            "tiny.mkv",
            "-f lavfi -i testsrc2=size=16x6:rate=25:duration=0.4 -c:v ffv1 -pix_fmt yuv420p");
    ClipSettings clip = new ClipSettings(4, 1, 25, 0, 1, 2);
    assertThatThrownBy(() -> cut(file, clip, deinterlacing(Deinterlace.ALL), 1))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessageStartingWith("its frames cannot be deinterlaced (");
  }

  @ParameterizedTest
  @EnumSource(ToneMap.class)
  void highDynamicRange(ToneMap toneMap) throws IOException {
    Path file =
        MadeVideos.made(
            "hdr.mp4",
            MadeVideos.PATTERN
                + " -frames:v 4 -vf format=yuv420p10le,setparams=color_trc=smpte2084:color_primaries=bt2020:colorspace=bt2020nc"
                + " -c:v libaom-av1 -cpu-used 8 -usage realtime -color_trc smpte2084 -color_primaries bt2020"
                + " -colorspace bt2020nc");
    String mapping =
        "scale=intent=perceptual:out_transfer=bt709:out_primaries=bt709:flags=bilinear";
    List<Oracle.Frame> frames =
        toneMap == ToneMap.SDR
            ? Oracle.filtered(file, mapping + ",format=rgb24").frames()
            : Oracle.of(file).frames();
    PictureSettings picture =
        new PictureSettings(Scaler.REFERENCE, Aspect.STORED, toneMap, Deinterlace.OFF);
    CutPixels clip = cut(file, new ClipSettings(4, 1, 0, 0, 1, 16), picture, 1).get(0);
    int bytes = clip.height() * clip.width() * 3;
    for (int i = 0; i < 4; i++) {
      assertThat(Oracle.difference(frames.get(i), clip.pixels(), i * bytes)).isLessThan(2);
    }
  }
}
