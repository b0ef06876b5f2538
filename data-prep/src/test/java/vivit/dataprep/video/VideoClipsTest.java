package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Resized;
import vivit.dataprep.clip.TimeSpan;
import vivit.dataprep.fixture.TestVideos;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.StoredClip;
import vivit.dataprep.video.VideoCutter.OffsetRequest;
import vivit.dataprep.video.VideoWriter.VideoFormat;

class VideoClipsTest {
  @TempDir java.nio.file.Path folder;

  private Path video(VideoFormat format, double framesPerSecond, int frames) throws IOException {
    java.nio.file.Path file = folder.resolve("video." + format.extension());
    Files.write(file, TestVideos.encode(format, 48, 64, framesPerSecond, frames));
    return new Path(file.toUri());
  }

  private static ClipSettings settings(int frames, int stride, double framesPerSecond) {
    return new ClipSettings(frames, stride, framesPerSecond, 0, 1, 16);
  }

  private static CutPixels cut(Path video, TimeSpan span, ClipSettings settings, int offset)
      throws IOException {
    byte[] file = Files.readAllBytes(java.nio.file.Path.of(video.toUri()));
    OffsetRequest request = new OffsetRequest(span, length -> new int[] {offset});
    return CutClips.of(file, CutSettings.reference(settings), request).only().get(0);
  }

  private static int[] numbers(CutPixels clip) {
    return numbers(clip.pixels(), clip.height(), clip.width());
  }

  private static int[] numbers(StoredClip clip) {
    return numbers(clip.pixels(), clip.height(), clip.width());
  }

  private static int[] numbers(byte[] pixels, int height, int width) {
    int bytes = height * width * 3;
    return IntStream.range(0, pixels.length / bytes)
        .map(i -> TestVideos.number(pixels, i * bytes, bytes))
        .toArray();
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void everyFrameAtTheSourcesOwnRate(VideoFormat format) throws IOException {
    Path video = video(format, 12.5, 30);

    CutPixels clip = cut(video, TimeSpan.WHOLE, settings(30, 1, 12.5), 0);

    assertThat(numbers(clip)).isEqualTo(IntStream.range(0, 30).toArray());
    for (int i = 0; i < 30; i++) {
      assertThat(clip.origin().timestamps()[i]).isCloseTo(i / 12.5, within(0.0006));
    }
    assertThat(clip.origin().sourceFrameRate()).isCloseTo(12.5, within(1e-6));
    assertThat(clip.origin().sourceHeight()).isEqualTo(48);
    assertThat(clip.origin().sourceWidth()).isEqualTo(64);
    assertThat(numbers(cut(video, TimeSpan.WHOLE, settings(30, 1, 0), 0)))
        .isEqualTo(IntStream.range(0, 30).toArray());
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void atAHigherRateFramesRepeat(VideoFormat format) throws IOException {
    CutPixels clip = cut(video(format, 10, 12), TimeSpan.WHOLE, settings(30, 1, 25), 0);

    assertThat(numbers(clip)).isEqualTo(IntStream.range(0, 30).map(k -> k * 10 / 25).toArray());
  }

  @Test
  void atALowerRateFramesAreLeftOut() throws IOException {
    CutPixels clip =
        cut(video(VideoFormat.H264_MP4, 30000 / 1001.0, 31), TimeSpan.WHOLE, settings(5, 2, 10), 0);

    // Moments 0, 0.2, 0.4, 0.6, 0.8 s fall into frames 0, 5, 11, 17, 23 of 29.97 per second.
    assertThat(numbers(clip)).containsExactly(0, 5, 11, 17, 23);
  }

  @Test
  void shortVideosLoop() throws IOException {
    CutPixels clip = cut(video(VideoFormat.VP9_WEBM, 25, 5), TimeSpan.WHOLE, settings(8, 2, 25), 1);
    assertThat(numbers(clip)).containsExactly(1, 3, 0, 2, 4, 1, 3, 0);
  }

  @Test
  void anAnnotatedPartIsAVideoOfItsOwn() throws IOException {
    Path video = video(VideoFormat.H264_MP4, 10, 30);

    CutPixels clip = cut(video, new TimeSpan(0.7, 1.2), settings(7, 1, 10), 0);

    assertThat(numbers(clip)).containsExactly(7, 8, 9, 10, 11, 7, 8);
    assertThat(clip.origin().timestamps()[0]).isCloseTo(0.7, within(1e-9));
    assertThat(numbers(cut(video, new TimeSpan(2.7, 9), settings(4, 1, 0), 0)))
        .containsExactly(27, 28, 29, 27);
  }

  @Test
  void aPartBeyondTheEndIsRefused() throws IOException {
    Path video = video(VideoFormat.H264_MP4, 10, 30);
    assertThatThrownBy(() -> cut(video, new TimeSpan(3, 5), settings(4, 1, 10), 0))
        .isInstanceOf(UndecodableVideoException.class)
        .hasMessage("its annotated part starts at 3.000 s, the video ends at 3.000 s");
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void skippingAheadGivesTheSameFrames(VideoFormat format) throws IOException {
    Path video = video(format, 10, 90);
    ClipSettings settings = settings(6, 1, 10);

    CutPixels fromTheBeginning = cut(video, TimeSpan.WHOLE, settings(90, 1, 10), 0);
    CutPixels late = cut(video, TimeSpan.WHOLE, settings, 77);

    int frame = 48 * 64 * 3;
    for (int i = 0; i < 6 * frame; i++) {
      assertThat(late.pixels()[i]).isEqualTo(fromTheBeginning.pixels()[77 * frame + i]);
    }
  }

  @Test
  void viewsAreOneDecodingOfTheSameClips() throws IOException {
    Path video = video(VideoFormat.H264_MP4, 10, 30);
    ClipSettings settings = settings(4, 2, 10);

    List<StoredClip> views = VideoClips.evaluation(new Configuration(), video, settings, 3);

    assertThat(views).extracting(StoredClip::view).containsExactly(0, 1, 2);
    assertThat(numbers(views.get(0))).containsExactly(0, 2, 4, 6);
    assertThat(numbers(views.get(1))).containsExactly(11, 13, 15, 17);
    assertThat(numbers(views.get(2))).containsExactly(22, 24, 26, 28);
    assertThat(views.get(1).clipId()).isEqualTo("video.mp4:1");
    assertThat(views.get(1).videoId()).isEqualTo("video.mp4");
    assertThat(views.get(0).labels()).isEqualTo(ClipLabels.NONE);
    StoredClip centre = VideoClips.evaluation(new Configuration(), video, settings, 1).get(0);
    assertThat(centre.pixels()).isEqualTo(views.get(1).pixels());
  }

  @Test
  void framesAreBroughtToTheShortSide() throws IOException {
    Path video = video(VideoFormat.MPEG4_AVI, 10, 4);
    CutPixels source = cut(video, TimeSpan.WHOLE, settings(4, 1, 10), 0);

    CutPixels clip = cut(video, TimeSpan.WHOLE, new ClipSettings(4, 1, 10, 36, 2, 16), 0);

    assertThat(clip.height()).isEqualTo(36);
    assertThat(clip.width()).isEqualTo(48);
    assertThat(clip.pixels()).isEqualTo(Resized.bilinear(source.pixels(), 4, 48, 64, 36, 48));
  }

  @Test
  void manyVideosAreDecodedAtOnce() throws Exception {
    Path video = video(VideoFormat.VP9_WEBM, 10, 30);
    ExecutorService threads = Executors.newFixedThreadPool(24);
    try {
      List<Callable<int[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 48; i++) {
        tasks.add(() -> numbers(cut(video, TimeSpan.WHOLE, settings(30, 1, 10), 0)));
      }
      for (Future<int[]> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(IntStream.range(0, 30).toArray());
      }
    } finally {
      threads.shutdown();
    }
  }
}
