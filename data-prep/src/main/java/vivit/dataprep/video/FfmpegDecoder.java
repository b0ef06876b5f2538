package vivit.dataprep.video;

import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * One video file, opened once: its timeline, and its frames at chosen moments.
 *
 * <p>Reads straight from the input and decodes on the calling thread. Not thread-safe.
 */
final class FfmpegDecoder {
  /** Decoding this much before the first frame needed is cheaper than a failed seek. */
  private static final double SEEK_MARGIN_SECONDS = 1;

  private final VideoInput in;
  private final Timeline timeline;
  private final double frameRate;

  private FfmpegDecoder(VideoInput in) throws IOException {
    this.in = in;
    try (Demuxer demuxer = new Demuxer(in)) {
      timeline = Timeline.scan(demuxer);
      frameRate = demuxer.frameRate();
    }
  }

  /**
   * Opens a video and reads its packets once.
   *
   * @throws UndecodableVideoException if it is none, or is truncated
   * @throws IOException if the storage fails
   */
  static FfmpegDecoder open(VideoInput in) throws IOException {
    ContainerLength.check(in);
    return new FfmpegDecoder(in);
  }

  Timeline timeline() {
    return timeline;
  }

  /** Average rate that the container states, in frames per second; 0 if none. */
  double frameRate() {
    return frameRate;
  }

  /** Receives a frame and the moments of the grid at which it is shown. */
  @FunctionalInterface
  interface FrameSink {
    void accept(int[] moments, RgbFrame frame) throws IOException;
  }

  /**
   * Decodes the frames shown at some moments of a grid: at each, the last frame whose presentation
   * time is not later.
   *
   * @param moments indices into the grid, increasing
   * @param sink called once per frame, in order
   */
  void decode(SamplingGrid grid, int[] moments, FrameSink sink) throws IOException {
    double first = grid.latest(moments[0]);
    boolean skipAhead = first > timeline.first() + 2 * SEEK_MARGIN_SECONDS;
    if (!skipAhead || !decodeFrom(first, grid, moments, sink)) {
      decodeFrom(Double.NEGATIVE_INFINITY, grid, moments, sink);
    }
  }

  /**
   * Decodes from the last key frame before {@code from}.
   *
   * @return false, with nothing delivered, if there is no way to get there but from the beginning
   */
  private boolean decodeFrom(double from, SamplingGrid grid, int[] moments, FrameSink sink)
      throws IOException {
    boolean fromBeginning = from == Double.NEGATIVE_INFINITY;
    try (Demuxer demuxer = new Demuxer(in)) {
      if (!fromBeginning) {
        long ticks = (long) Math.floor((from - SEEK_MARGIN_SECONDS) / demuxer.tick());
        if (!demuxer.seekable() || !demuxer.seek(ticks)) {
          return false;
        }
      }
      try (FrameDecoder frames = new FrameDecoder(demuxer);
          RgbConverter converter = new RgbConverter()) {
        if (!frames.next()) {
          if (fromBeginning) {
            throw new UndecodableVideoException("none of its frames can be decoded");
          }
          return false;
        }
        if (!fromBeginning && !reached(frames, from)) {
          return false;
        }
        deliver(frames, converter, grid, moments, sink);
        return true;
      }
    }
  }

  /** Skips what comes before the first key frame; true if that is not too late. */
  private static boolean reached(FrameDecoder frames, double from) throws IOException {
    while ((frames.frame().flags() & AVFrame.AV_FRAME_FLAG_KEY) == 0) {
      if (!frames.next()) {
        return false;
      }
    }
    return frames.time() <= from;
  }

  private static void deliver(
      FrameDecoder frames, RgbConverter converter, SamplingGrid grid, int[] moments, FrameSink sink)
      throws IOException {
    int next = 0;
    while (next < moments.length) {
      // The frame is shown until the following one: is any moment before that?
      double until = frames.nextTime();
      int from = next;
      while (next < moments.length && until > grid.latest(moments[next])) {
        next++;
      }
      if (next > from) {
        sink.accept(Arrays.copyOfRange(moments, from, next), frames.toRgb(converter));
      }
      if (next < moments.length) {
        frames.next();
      }
    }
  }
}
