package vivit.dataprep.video;

import java.util.function.IntToDoubleFunction;
import vivit.dataprep.clip.TimeSpan;

/**
 * The moments at which a video, or a part of it, is sampled: {@code start + k / rate}, or the times
 * of the source's own frames.
 *
 * @param length number of moments
 * @param times of the moments, in seconds, increasing
 * @param tolerance by which a frame may follow its moment, in seconds: half a tick, because
 *     containers round times, but at most half a millisecond, because coarse ticks are exact
 */
record SamplingGrid(int length, IntToDoubleFunction times, double tolerance) {
  private static final double MOST_TOLERANCE = 0.0005;

  /**
   * Lays a grid over a video.
   *
   * @param span the part to sample, in seconds from the container's start
   * @param framesPerSecond rate; 0 for the source's own frames
   * @throws UndecodableVideoException if the span starts after the video's end
   */
  static SamplingGrid over(Timeline timeline, TimeSpan span, double framesPerSecond)
      throws UndecodableVideoException {
    double tolerance = Math.min(timeline.tick() / 2, MOST_TOLERANCE);
    double zero = timeline.containerStart();
    double start = span.isWhole() ? timeline.first() : zero + span.start();
    double end = Math.min(timeline.end(), zero + span.end());
    if (start >= timeline.end() - tolerance) {
      throw new UndecodableVideoException(
          "its annotated part starts at %.3f s, the video ends at %.3f s"
              .formatted(span.start(), timeline.end() - zero));
    }
    if (framesPerSecond > 0) {
      double points = Math.ceil((end - start - tolerance) * framesPerSecond);
      int length = (int) Math.max(1, Math.min(points, Integer.MAX_VALUE));
      return new SamplingGrid(length, k -> start + k / framesPerSecond, tolerance);
    }
    double tick = timeline.tick();
    long[] ticks = timeline.ticks();
    int from = timeline.frameAt(start + tolerance);
    int to = timeline.frameAt(Math.nextDown(end - tolerance)) + 1;
    return new SamplingGrid(Math.max(1, to - from), k -> ticks[from + k] * tick, tolerance);
  }

  /** Latest presentation time of a frame that may be shown at moment {@code k}. */
  double latest(int k) {
    return times.applyAsDouble(k) + tolerance;
  }
}
