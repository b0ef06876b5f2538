package vivit.dataprep.video;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Assigns increasing indices to decoded frames, which arrive in presentation order.
 *
 * <p>Some containers, AVI in particular, state no presentation times; FFmpeg estimates them and
 * sometimes swaps those of neighbours, although the frames themselves are in order. The queue holds
 * a few frames back and gives the smallest of their indices to the oldest of them.
 */
final class PresentationQueue {
  /** More than the reordering between neighbours in most codecs. */
  static final int USUAL_DELAY = 4;

  /** The most B-frames in a row that common encoders make, and the frame after them. */
  static final int LONG_DELAY = 17;

  private final int heldBack;
  private final ArrayDeque<AVFrame> frames = new ArrayDeque<>();
  private final PriorityQueue<Integer> indices = new PriorityQueue<>();

  /**
   * Creates an empty queue.
   *
   * @param heldBack number of frames to hold back; 0 where indices arrive in order
   */
  PresentationQueue(int heldBack) {
    this.heldBack = heldBack;
  }

  void add(AVFrame frame, int index) {
    frames.add(frame);
    indices.add(index);
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  /** Whether enough frames are held that the index of the oldest is certain. */
  boolean isFull() {
    return frames.size() > heldBack;
  }

  /** Index of the oldest frame. */
  int index() {
    return indices.element();
  }

  /** Removes the oldest frame together with its index. */
  AVFrame take() {
    indices.remove();
    return frames.remove();
  }
}
