package vivit.dataprep.video;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Assigns increasing times to decoded frames, which arrive in presentation order.
 *
 * <p>Some containers, AVI in particular, state no presentation times; FFmpeg estimates them and
 * sometimes swaps those of neighbours, although the frames themselves are in order. The queue holds
 * a few frames back and gives the smallest of their times to the oldest of them.
 */
final class PresentationQueue {
  /** More than the reordering between neighbours in any common codec. */
  static final int USUAL_DELAY = 4;

  private final int heldBack;
  private final ArrayDeque<AVFrame> frames = new ArrayDeque<>();
  private final PriorityQueue<Long> times = new PriorityQueue<>();

  /**
   * Creates an empty queue.
   *
   * @param heldBack number of frames to hold back; 0 where times arrive in order
   */
  PresentationQueue(int heldBack) {
    this.heldBack = heldBack;
  }

  void add(AVFrame frame, long ticks) {
    frames.add(frame);
    times.add(ticks);
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  /** Whether enough frames are held that the time of the oldest is certain. */
  boolean isFull() {
    return frames.size() > heldBack;
  }

  /** Presentation time of the oldest frame, in ticks. */
  long time() {
    return times.element();
  }

  /** Removes the oldest frame together with its time. */
  AVFrame take() {
    times.remove();
    return frames.remove();
  }
}
