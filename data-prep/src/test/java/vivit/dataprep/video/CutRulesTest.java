package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.video.CutSettings.Truncated;
import vivit.dataprep.video.PictureSettings.Scaler;
import vivit.dataprep.video.VideoCutter.CutRequest;

/** Checks which settings change the frames and which do not. */
class CutRulesTest {
  private static final String LONG = "-f lavfi -i testsrc2=size=64x48:rate=10:duration=12";

  @TempDir Path folder;

  /**
   * MPEG-TS and similar formats are missing here: they state no length, so an early end is not
   * detectable.
   */
  @ParameterizedTest
  @CsvSource({
    "front.mp4, -c:v mpeg4 -bf 2 -g 12 -movflags +faststart",
    "plain.mkv, -c:v mpeg4 -bf 2 -g 12",
    "vp9.webm, -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 12",
    "plain.avi, -c:v mpeg4 -g 12",
    "fragments.mp4, -c:v mpeg4 -g 12 -movflags +frag_keyframe+empty_moov",
  })
  void whatIsSalvagedIsRight(String name, String arguments) throws IOException {
    Path whole = MadeVideos.made("salvage-" + name, LONG + " " + arguments);
    byte[] bytes = Files.readAllBytes(whole);
    List<Oracle.Frame> frames = Oracle.of(whole).frames();
    ClipSettings clip = new ClipSettings(8, 2, 10, 0, 1, 16);
    CutSettings salvage =
        new CutSettings(
            clip,
            PictureSettings.of(Scaler.REFERENCE),
            StreamChoice.BEST,
            Truncated.SALVAGE,
            CutSettings.USUAL_MADE_UP,
            1,
            Codecs.USUAL);
    int salvaged = 0;
    for (int percent : new int[] {1, 10, 30, 50, 75, 90, 99}) {
      Path file =
          Files.write(
              folder.resolve(percent + name), Arrays.copyOf(bytes, bytes.length * percent / 100));
      try {
        for (CutPixels one : Cuts.of(file, salvage, Cuts.request(TimeSpan.WHOLE, 3)).get(0)) {
          int start = one.origin().startFrame();
          FrameAssertions.assertFrames(
              one, frames, IntStream.range(0, 8).map(i -> start + 2 * i).toArray());
        }
        salvaged++;
      } catch (UndecodableVideoException e) {
        assertThat(percent).as("%s", e.getMessage()).isNotEqualTo(90);
      }
    }
    assertThat(salvaged).isBetween(3, 6);
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"H264", "H264_B_FRAMES", "HEVC", "VP8", "VP9", "AV1", "AV1_MKV", "MPEG4_B_FRAMES"})
  void threadsChangeNothing(Encoding encoding) throws IOException {
    ClipSettings clip = new ClipSettings(6, 2, 12.5, 32, 1, 16);
    CutRequest request = Cuts.request(TimeSpan.WHOLE, 4);
    CutSettings one = CutSettings.reference(clip);
    CutSettings four =
        new CutSettings(
            clip,
            PictureSettings.of(Scaler.REFERENCE),
            StreamChoice.BEST,
            Truncated.REFUSE,
            CutSettings.USUAL_MADE_UP,
            4,
            Codecs.USUAL);
    TruncatedFilesTest.assertSame(
        Cuts.of(encoding.file(), four, request).get(0),
        Cuts.of(encoding.file(), one, request).get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mkv", "avi", "ts"})
  void requestsThatOverlapAreWhatTheyAreAlone(String container) throws IOException {
    Path file = MadeVideos.made("overlap." + container, LONG + " -c:v mpeg4 -bf 2 -g 30");
    CutSettings settings = CutSettings.reference(new ClipSettings(8, 3, 10, 0, 1, 16));
    List<CutRequest> requests = new ArrayList<>();
    for (double[] span :
        new double[][] {
          {7, 12}, {0, 12}, {0, 3}, {2.5, 6}, {2.5, 6}, {9.9, 10.1}, {3, 3.05}, {0.3, 11}, {5, 40}
        }) {
      requests.add(Cuts.request(new TimeSpan(span[0], span[1]), 5));
    }
    requests.add(Cuts.request(TimeSpan.WHOLE, 40));
    List<List<CutPixels>> together = Cuts.of(file, settings, requests.toArray(CutRequest[]::new));
    for (int i = 0; i < requests.size(); i++) {
      TruncatedFilesTest.assertSame(
          together.get(i), Cuts.of(file, settings, requests.get(i)).get(0));
    }
  }

  @ParameterizedTest
  @EnumSource(Scaler.class)
  void everyScalerKnowsEveryFormat(Scaler scaler) throws IOException {
    ClipSettings clip = new ClipSettings(2, 1, 10, 20, 1, 16);
    for (Encoding encoding : Encoding.values()) {
      CutSettings settings =
          new CutSettings(
              clip,
              PictureSettings.of(scaler),
              StreamChoice.BEST,
              Truncated.REFUSE,
              CutSettings.USUAL_MADE_UP,
              1,
              Codecs.USUAL);
      CutPixels cut =
          Cuts.of(encoding.file(), settings, Cuts.request(TimeSpan.WHOLE, 1)).get(0).get(0);
      assertThat(cut.height()).isEqualTo(20);
      assertThat(cut.width()).isEqualTo(26);
      long sum = 0;
      for (byte value : cut.pixels()) {
        sum += value & 0xff;
      }
      assertThat(sum / cut.pixels().length).as("%s", encoding).isBetween(60L, 180L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"front.mp4", "vp9.webm"})
  void withoutSalvageNothingIsGiven(String name) throws IOException {
    Path whole =
        MadeVideos.made(
            "refuse-" + name,
            LONG
                + ""
                + (name.endsWith("mp4") ? " -c:v mpeg4 -movflags +faststart" : " -c:v libvpx"));
    byte[] bytes = Files.readAllBytes(whole);
    Path file = Files.write(folder.resolve(name), Arrays.copyOf(bytes, bytes.length * 9 / 10));
    ClipSettings clip = new ClipSettings(8, 2, 10, 0, 1, 16);
    assertThatThrownBy(() -> Cuts.of(file, clip, 3))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessageContaining("truncated");
  }
}
