package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.video.CutSettings.Truncated;
import vivit.dataprep.video.CutSink.CutStatistics;
import vivit.dataprep.video.PictureSettings.Scaler;
import vivit.dataprep.video.VideoCutter.CutRequest;
import vivit.dataprep.video.VideoCutter.OffsetRequest;
import vivit.dataprep.video.VideoWriter.VideoFormat;

class VideoCutterTest {
  private static CutSettings settings(int frames, int stride, double framesPerSecond) {
    return CutSettings.reference(new ClipSettings(frames, stride, framesPerSecond, 0, 1, 16));
  }

  private static OffsetRequest wanted(TimeSpan span, int... offsets) {
    return new OffsetRequest(span, length -> offsets);
  }

  /** All frames of a video, one after the other, nothing left out. */
  private static CutPixels everyFrame(byte[] file, int frames) throws IOException {
    return CutClips.of(file, settings(frames, 1, 0), wanted(TimeSpan.WHOLE, 0)).clips.get(0).get(0);
  }

  private static void assertFrames(CutPixels clip, CutPixels all, int... numbers) {
    for (int i = 0; i < numbers.length; i++) {
      assertThat(CutClips.frame(clip, i))
          .as("frame %d", i)
          .isEqualTo(CutClips.frame(all, numbers[i]));
      assertThat(clip.origin().timestamps()[i]).isEqualTo(all.origin().timestamps()[numbers[i]]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reordered.mp4", "reordered.mkv"})
  void framesThatNothingRefersToAreLeftOutAndTheOthersAreTheSame(String name) throws IOException {
    byte[] file = CutClips.golden(name);
    CutPixels all = everyFrame(file, 100);

    CutClips cut = CutClips.of(file, settings(4, 3, 0), wanted(TimeSpan.WHOLE, 1, 30, 33, 85));

    List<CutPixels> clips = cut.clips.get(0);
    assertFrames(clips.get(0), all, 1, 4, 7, 10);
    assertFrames(clips.get(1), all, 30, 33, 36, 39);
    assertFrames(clips.get(2), all, 33, 36, 39, 42);
    assertFrames(clips.get(3), all, 85, 88, 91, 94);
    CutStatistics statistics = cut.finished.get(0);
    assertThat(statistics.framesKept()).isEqualTo(13); // three are shared
    assertThat(statistics.framesDecoded()).isLessThan(40);
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void requestsThatOverlapGiveWhatTheyGiveAlone(VideoFormat format) throws IOException {
    byte[] file = TestVideos.encode(format, 48, 64, 10, 90);
    CutSettings settings = settings(6, 4, 10);
    OffsetRequest[] requests = {
      wanted(new TimeSpan(5, 9), 3, 9),
      wanted(TimeSpan.WHOLE, 0, 1, 2, 3, 40, 60, 61, 62, 63),
      wanted(new TimeSpan(1, 1.5), 0),
      wanted(new TimeSpan(10, 12), 0),
      wanted(new TimeSpan(0.1, 4), 0, 2),
    };

    CutClips together = CutClips.of(file, settings, requests);

    for (int i = 0; i < requests.length; i++) {
      CutClips alone = CutClips.of(file, settings, requests[i]);
      if (i == 3) {
        assertThat(together.failed.get(3)).hasMessageContaining("the video ends at 9.000 s");
        continue;
      }
      assertThat(together.finished).containsKey(i);
      assertThat(together.clips.get(i)).hasSameSizeAs(alone.clips.get(0));
      for (int view = 0; view < alone.clips.get(0).size(); view++) {
        CutPixels one = together.clips.get(i).get(view);
        assertThat(one.pixels()).isEqualTo(alone.clips.get(0).get(view).pixels());
        assertThat(one.origin().timestamps())
            .isEqualTo(alone.clips.get(0).get(view).origin().timestamps());
      }
    }
  }

  @Test
  void clipsThatOverlapMoreThanTwoClipsOfFramesTakeFurtherPasses() throws IOException {
    byte[] file = TestVideos.encode(VideoFormat.H264_MP4, 48, 64, 10, 60);
    int[] offsets = {0, 1, 2, 3, 4, 5, 6, 7};

    CutClips cut = CutClips.of(file, settings(3, 10, 10), wanted(TimeSpan.WHOLE, offsets));

    CutPixels all = everyFrame(file, 60);
    for (int view = 0; view < offsets.length; view++) {
      assertFrames(cut.clips.get(0).get(view), all, view, view + 10, view + 20);
    }
    assertThat(cut.finished.get(0).framesDecoded()).isGreaterThan(60);
  }

  @Test
  void onlyWhatIsNeededIsRead() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Random noise = new Random(3);
    try (VideoWriter writer = new VideoWriter(out, VideoFormat.H264_MP4, 96, 128, 10)) {
      byte[] pixels = new byte[96 * 128 * 3];
      for (int i = 0; i < 400; i++) {
        noise.nextBytes(pixels);
        writer.write(pixels);
      }
    }
    byte[] file = out.toByteArray();

    CutStatistics one =
        CutClips.of(file, settings(4, 1, 10), wanted(new TimeSpan(30, 31), 0)).finished.get(0);

    assertThat(file.length).isGreaterThan(600_000);
    assertThat(one.bytesRead()).isLessThan(file.length / 2);
    assertThat(one.framesDecoded()).isLessThan(24);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reordered.mp4", "turned.mp4"})
  void theIndexSaysWhatThePacketsSay(String name) throws IOException {
    byte[] file = CutClips.golden(name);
    assertThat(timeline(file, true)).usingRecursiveComparison().isEqualTo(timeline(file, false));
    byte[] plain = TestVideos.encode(VideoFormat.H264_MP4, 48, 64, 30000 / 1001.0, 20);
    assertThat(timeline(plain, true)).usingRecursiveComparison().isEqualTo(timeline(plain, false));
  }

  private static Timeline timeline(byte[] file, boolean indexed) throws IOException {
    try (Demuxer demuxer = new Demuxer(CutClips.input(file), Codecs.USUAL, StreamChoice.BEST)) {
      ContainerLength.Finding finding = new ContainerLength.Finding(null, indexed, false);
      Timeline timeline = TimelineReader.read(demuxer, finding, Truncated.REFUSE);
      assertThat(demuxer.next()).isTrue();
      assertThat(demuxer.packet().pos()).isPositive();
      return timeline;
    }
  }

  @Test
  void framesAreTurnedAsPlayersShowThem() throws IOException {
    CutClips cut =
        CutClips.of(CutClips.golden("turned.mp4"), settings(2, 1, 0), wanted(TimeSpan.WHOLE, 0));

    CutPixels clip = cut.clips.get(0).get(0);
    assertThat(clip.height()).isEqualTo(64);
    assertThat(clip.width()).isEqualTo(48);
    assertThat(clip.origin().sourceHeight()).isEqualTo(64);
    assertThat(clip.origin().sourceWidth()).isEqualTo(48);
  }

  @Test
  void aTinyFileIsAVideoToo() throws IOException {
    for (VideoFormat format : new VideoFormat[] {VideoFormat.VP9_WEBM, VideoFormat.H264_MP4}) {
      byte[] file = TestVideos.encode(format, 16, 16, 10, 2);
      assertThat(file.length).isLessThan(1200);
      CutClips cut = CutClips.of(file, settings(2, 1, 0), wanted(TimeSpan.WHOLE, 0));
      assertThat(cut.failed).isEmpty();
      assertThat(cut.finished).containsKey(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reordered.mp4", "reordered.mkv"})
  void whatIsLeftOfATruncatedFileCanBeSalvaged(String name) throws IOException {
    byte[] whole = CutClips.golden(name);
    byte[] file = Arrays.copyOf(whole, whole.length * 6 / 10);
    CutPixels all = everyFrame(whole, 100);
    ClipSettings clip = new ClipSettings(4, 2, 0, 0, 1, 16);
    CutSettings salvage =
        new CutSettings(
            clip,
            PictureSettings.of(Scaler.REFERENCE),
            StreamChoice.BEST,
            Truncated.SALVAGE,
            CutSettings.USUAL_MADE_UP,
            1,
            Codecs.USUAL);
    List<CutRequest> requests =
        List.of(
            new CutRequest("a", TimeSpan.WHOLE, new ClipPlacement(Purpose.EVALUATION, 3, 0)),
            new CutRequest("b", new TimeSpan(0, 1), new ClipPlacement(Purpose.EVALUATION, 1, 0)),
            new CutRequest("c", new TimeSpan(3.9, 4), new ClipPlacement(Purpose.EVALUATION, 1, 0)));

    CutClips cut = new CutClips();
    new VideoCutter().cut(CutClips.input(file), requests, salvage, cut);

    assertThat(cut.finished.get(0).salvaged()).contains("truncated");
    CutPixels last = cut.clips.get(0).get(2);
    int start = last.origin().startFrame();
    assertThat(start).isBetween(10, 80);
    assertFrames(last, all, start, start + 2, start + 4, start + 6);
    assertThat(cut.finished.get(1).salvaged()).isEmpty();
    assertThat(cut.failed).containsOnlyKeys(2);

    CutClips refused = new CutClips();
    new VideoCutter().cut(CutClips.input(file), requests, CutSettings.reference(clip), refused);
    assertThat(refused.failed).containsOnlyKeys(0, 1, 2);
    assertThat(refused.failed.get(1)).hasMessageContaining("truncated");
  }

  @Test
  void lessThanAClipIsNotSalvaged() throws IOException {
    byte[] whole = CutClips.golden("reordered.mp4");
    CutSettings salvage =
        new CutSettings(
            new ClipSettings(32, 3, 0, 0, 1, 16),
            PictureSettings.of(Scaler.REFERENCE),
            StreamChoice.BEST,
            Truncated.SALVAGE,
            CutSettings.USUAL_MADE_UP,
            1,
            Codecs.USUAL);
    CutClips cut =
        CutClips.of(
            Arrays.copyOf(whole, whole.length * 6 / 10), salvage, wanted(TimeSpan.WHOLE, 0));
    assertThat(cut.failed.get(0)).hasMessageContaining("a whole clip 94");
  }

  @Test
  void antialiasingAveragesWhatTheReferenceSteps() throws IOException {
    byte[] file = CutClips.golden("reordered.mp4");
    ClipSettings clip = new ClipSettings(2, 1, 0, 12, 1, 4);
    CutSettings antialias =
        new CutSettings(
            clip,
            PictureSettings.of(Scaler.ANTIALIAS),
            StreamChoice.BEST,
            Truncated.REFUSE,
            CutSettings.USUAL_MADE_UP,
            1,
            Codecs.USUAL);

    CutPixels smooth = CutClips.of(file, antialias, wanted(TimeSpan.WHOLE, 0)).clips.get(0).get(0);
    CutPixels reference =
        CutClips.of(file, CutSettings.reference(clip), wanted(TimeSpan.WHOLE, 0))
            .clips
            .get(0)
            .get(0);

    assertThat(smooth.height()).isEqualTo(12);
    assertThat(smooth.width()).isEqualTo(16);
    long difference = 0;
    for (int i = 0; i < smooth.pixels().length; i++) {
      difference += Math.abs((smooth.pixels()[i] & 0xff) - (reference.pixels()[i] & 0xff));
    }
    assertThat(difference / (double) smooth.pixels().length).isBetween(1.0, 40.0);
  }
}
