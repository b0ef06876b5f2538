package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.dataprep.clip.ClipSettings;

/** For every codec and pixel format, all frames equal those of FFmpeg's own program. */
class CodecMatrixTest {
  @ParameterizedTest
  @EnumSource(Encoding.class)
  void everyFrame(Encoding encoding) throws IOException {
    List<Oracle.Frame> frames = encoding.oracle().frames();
    assertThat(frames).hasSizeBetween(20, 50);

    CutPixels clip =
        Cuts.of(encoding.file(), new ClipSettings(frames.size(), 1, 0, 0, 1, 16), 1).get(0);

    assertThat(clip.madeUp()).isZero();
    assertThat(clip.height()).isEqualTo(48);
    assertThat(clip.width()).isEqualTo(64);
    FrameAssertions.assertFrames(clip, frames, IntStream.range(0, frames.size()).toArray());
    assertThat(clip.origin().timestamps()[0])
        .isCloseTo(frames.get(0).seconds(), within(FrameAssertions.CLOCK));
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void framesByTime(Encoding encoding) throws IOException {
    Oracle oracle = encoding.oracle();
    List<Oracle.Frame> frames = oracle.frames();
    double start = frames.get(0).seconds();

    for (CutPixels clip : Cuts.of(encoding.file(), new ClipSettings(4, 3, 17, 0, 1, 16), 3)) {
      assertThat(clip.madeUp()).isZero();
      int[] expected =
          IntStream.range(0, 4)
              .map(i -> clip.origin().startFrame() + 3 * i)
              .map(moment -> oracle.shownAt(start + moment / 17.0))
              .toArray();
      FrameAssertions.assertFrames(clip, frames, expected);
    }
  }
}
