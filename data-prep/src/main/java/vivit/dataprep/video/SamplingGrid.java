package vivit.dataprep.video;

import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import vivit.dataprep.clip.TimeSpan;

/**
 * The moments at which a video, or a part of it, is sampled: {@code start + k / rate}, or the times
 * of the source's own frames.
 *
 * @param length number of moments
 * @param times of the moments, in seconds, increasing
 * @param tolerance by which a frame may follow its moment, in seconds: half a tick, because
 *     containers round times, but at most half a millisecond, because coarse ticks are exact
 * @param frames index in the timeline of the frame that a moment shows
 */
record SamplingGrid(
    int length, IntToDoubleFunction times, double tolerance, IntUnaryOperator frames) {
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
    if (end <= timeline.first() + tolerance) {
      throw new UndecodableVideoException(
          "its annotated part ends at %.3f s, its first frame that can be decoded is shown at %.3f s"
              .formatted(span.end(), timeline.first() - zero));
    }
    double from = Math.max(start, timeline.first());
    if (framesPerSecond > 0) {
      double points = Math.ceil((end - from - tolerance) * framesPerSecond);
      int length = (int) Math.max(1, Math.min(points, Integer.MAX_VALUE));
      IntToDoubleFunction times = k -> from + k / framesPerSecond;
      return new SamplingGrid(
          length, times, tolerance, k -> timeline.frameAt(times.applyAsDouble(k) + tolerance));
    }
    int first =
        Math.max(
            timeline.from(),
            timeline.firstFrom(timeline.ticks()[timeline.frameAt(from + tolerance)]));
    int last = timeline.frameAt(Math.nextDown(end - tolerance));
    return new SamplingGrid(
        Math.max(1, last + 1 - first), k -> timeline.seconds(first + k), tolerance, k -> first + k);
  }
}
