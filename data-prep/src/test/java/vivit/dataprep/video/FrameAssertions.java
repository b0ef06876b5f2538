package vivit.dataprep.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

/** Compares clips with the oracle's frames. */
final class FrameAssertions {
  /** Seconds that a printed time may be off. */
  static final double CLOCK = 1e-5;

  /**
   * Mean difference of colour levels that is allowed: none. Both sides use the same decoder and
   * converter, and frames are kept at the source's size.
   */
  private static final double MOST_DIFFERENCE = 0;

  private FrameAssertions() {}

  /** Each frame of the clip is the oracle's frame of that index, and has its time. */
  static void assertFrames(CutPixels clip, List<Oracle.Frame> frames, int[] expected) {
    int bytes = clip.height() * clip.width() * 3;
    for (int i = 0; i < expected.length; i++) {
      Oracle.Frame frame = frames.get(expected[i]);
      assertThat(new int[] {clip.height(), clip.width()})
          .isEqualTo(new int[] {frame.height(), frame.width()});
      int found = i;
      double difference = Oracle.difference(frame, clip.pixels(), i * bytes);
      assertThat(difference)
          .as(
              () ->
                  "difference of frame %d of the clip from frame %d; it is most like frame %d"
                      .formatted(found, expected[found], mostLike(clip, found, frames)))
          .isLessThanOrEqualTo(MOST_DIFFERENCE);
      if (!Double.isNaN(frame.seconds())) {
        assertThat(clip.origin().timestamps()[i])
            .as("time of frame %d of the clip", i)
            .isCloseTo(frame.seconds(), within(CLOCK));
      }
    }
  }

  private static int mostLike(CutPixels clip, int frame, List<Oracle.Frame> frames) {
    int bytes = clip.height() * clip.width() * 3;
    int best = 0;
    for (int i = 1; i < frames.size(); i++) {
      if (Oracle.difference(frames.get(i), clip.pixels(), frame * bytes)
          < Oracle.difference(frames.get(best), clip.pixels(), frame * bytes)) {
        best = i;
      }
    }
    return best;
  }
}
