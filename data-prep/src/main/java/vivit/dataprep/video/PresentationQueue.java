package vivit.dataprep.video;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Gives decoded frames, which come in the order they are shown, their times in increasing order.
 *
 * <p>Some containers, AVI above all, state no presentation times; FFmpeg guesses them and sometimes
 * exchanges those of neighbours, while the frames themselves come out in the right order. A few
 * frames are held back so that the smallest of their times goes to the oldest of them.
 */
final class PresentationQueue {
  /** More than the reordering of any usual codec between neighbours. */
  static final int USUAL_DELAY = 4;

  private final int heldBack;
  private final ArrayDeque<AVFrame> frames = new ArrayDeque<>();
  private final PriorityQueue<Long> times = new PriorityQueue<>();

  /**
   * An empty queue.
   *
   * @param heldBack how many frames to hold back; 0 where times come in order anyway
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

  /** Whether enough frames are held for the oldest one's time to be certain. */
  boolean isFull() {
    return frames.size() > heldBack;
  }

  /** When the oldest frame is shown, in ticks. */
  long time() {
    return times.element();
  }

  /** Takes the oldest frame, and its time away. */
  AVFrame take() {
    times.remove();
    return frames.remove();
  }
}
