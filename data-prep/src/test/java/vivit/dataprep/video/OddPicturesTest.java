package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.clip.Resized;

/** Odd and changing frame sizes, rotation, and pixels that are not square. */
class OddPicturesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "63, 47, libvpx-vp9, webm",
    "63, 47, libvpx, webm",
    "63, 47, mpeg4, avi",
    "63, 47, mjpeg, mov",
    "63, 47, ffv1, mkv",
    "63, 47, libaom-av1 -cpu-used 8 -usage realtime, mp4",
    "1, 1, libvpx-vp9, webm",
    "1, 1, libvpx, webm",
    "1, 1, mjpeg, avi",
    "1, 1, mpeg4, mp4",
    "1, 1, ffv1, mkv",
    "2, 1, mpeg4, mp4",
    "1, 50, mpeg4, mkv",
    "3, 500, mjpeg, mov",
    "1000, 2, mpeg4, mp4",
    "17, 16, mpeg4, mp4",
  })
  void sizes(int width, int height, String codec, String container) throws IOException {
    Path file =
        MadeVideos.made(
            "%dx%d-%s.%s".formatted(width, height, codec.split(" ", 2)[0], container),
            "-f lavfi -i testsrc=size=%dx%d:rate=10:duration=1 -pix_fmt %s -c:v %s"
                .formatted(width, height, codec.equals("mjpeg") ? "yuvj444p" : "yuv420p", codec));
    // MPEG-4 states that chroma samples are left-aligned; the converter uses this for odd heights.
    List<Oracle.Frame> frames = Oracle.of(file, codec.equals("mpeg4") ? "left" : "auto").frames();
    assertThat(frames).hasSize(10);
    CutPixels clip = Cuts.of(file, new ClipSettings(10, 1, 10, 0, 1, 16), 1).get(0);
    assertThat(new int[] {clip.width(), clip.height()}).isEqualTo(new int[] {width, height});
    FrameAssertions.assertFrames(clip, frames, IntStream.range(0, 10).toArray());

    CutPixels small = Cuts.of(file, new ClipSettings(2, 1, 10, 16, 1, 16), 1).get(0);
    FrameSize size = FrameSize.ofShortSide(height, width, 16);
    assertThat(small.height()).isEqualTo(size.height());
    assertThat(small.width()).isEqualTo(size.width());
  }

  @ParameterizedTest
  @ValueSource(strings = {"90", "180", "270", "45"})
  void quarterTurnsAreMade(String degrees) throws IOException {
    Path source = MadeVideos.made("lying.mp4", MadeVideos.PATTERN + " -c:v mjpeg");
    Path file =
        MadeVideos.made(
            "turned-" + degrees + ".mp4",
            "-display_rotation " + degrees + " -i " + source + " -c copy");
    Oracle lying = Oracle.of(file);
    CutPixels clip = Cuts.of(file, new ClipSettings(20, 1, 10, 0, 1, 16), 1).get(0);
    Oracle shown = degrees.equals("45") ? lying : Oracle.turned(file);
    assertThat(shown.frames().get(0).height())
        .isEqualTo(degrees.endsWith("0") && !degrees.equals("180") ? 64 : 48);
    FrameAssertions.assertFrames(clip, shown.frames(), IntStream.range(0, 20).toArray());
  }

  @Test
  void pixelsThatAreNotSquareStayAsTheyAre() throws IOException {
    Path file =
        MadeVideos.made("anamorphic.mp4", MadeVideos.PATTERN + " -vf setsar=2/1 -c:v mpeg4");
    CutPixels clip = Cuts.of(file, new ClipSettings(20, 1, 10, 0, 1, 16), 1).get(0);
    FrameAssertions.assertFrames(clip, Oracle.of(file).frames(), IntStream.range(0, 20).toArray());
  }

  @ParameterizedTest
  @CsvSource({"mpeg2video, m2v", "libopenh264, h264", "mjpeg, mjpeg", "libopenh264, ts"})
  void theSizeChangesInTheMiddle(String codec, String container) throws IOException {
    Path small = part(64, 48, codec, container, 0);
    Path large = part(96, 64, codec, container, 2);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(Files.readAllBytes(small));
    both.write(Files.readAllBytes(large));
    Path file = Files.write(folder.resolve("both." + container), both.toByteArray());

    CutPixels clip = Cuts.of(file, new ClipSettings(98, 1, 25, 0, 1, 16), 1).get(0);

    List<Oracle.Frame> first = Oracle.of(small).frames();
    List<Oracle.Frame> second = Oracle.of(large).frames();
    assertThat(new int[] {clip.height(), clip.width()}).isEqualTo(new int[] {48, 64});
    int bytes = 48 * 64 * 3;
    int start = clip.origin().startFrame();
    assertThat(start).isBetween(0, 2);
    assertThat(Oracle.difference(first.get(20 + start), clip.pixels(), 20 * bytes)).isZero();
    byte[] last = Resized.bilinear(second.get(47 + start).pixels(), 1, 64, 96, 48, 64);
    assertThat(Arrays.copyOfRange(clip.pixels(), 97 * bytes, 98 * bytes)).isEqualTo(last);
  }

  private static Path part(int width, int height, String codec, String container, int start) {
    return MadeVideos.made(
        "part-%s-%d.%s".formatted(codec, width, container),
        "-f lavfi -i testsrc2=size=%dx%d:rate=25:duration=2 -c:v %s -g 12 -output_ts_offset %d"
            .formatted(width, height, codec, start));
  }
}
