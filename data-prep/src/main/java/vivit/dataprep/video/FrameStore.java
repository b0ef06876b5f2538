package vivit.dataprep.video;

import java.util.ArrayDeque;
import vivit.dataprep.clip.FrameSize;

/**
 * Reusable memory for frames. A released frame serves the next frame of its size; the most recently
 * released one comes first, because it is still in the core's cache.
 */
final class FrameStore {
  private static final int CHANNELS = 3;

  private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

  /** Allocates a frame with one user: the caller. */
  KeptFrame take(FrameSize size, double timestamp) {
    int bytes = size.height() * size.width() * CHANNELS;
    if (!spare.isEmpty() && spare.peek().length != bytes) {
      spare.clear();
    }
    return new KeptFrame(spare.isEmpty() ? new byte[bytes] : spare.pop(), size, timestamp);
  }

  /** Ends one use of a frame. */
  void release(KeptFrame frame) {
    if (--frame.users == 0) {
      spare.push(frame.pixels);
    }
  }

  /** A frame at its final size, shared by all clips that show it while one of them needs it. */
  static final class KeptFrame {
    private final byte[] pixels;
    private final FrameSize size;
    private final double timestamp;
    private int users = 1;

    private KeptFrame(byte[] pixels, FrameSize size, double timestamp) {
      this.pixels = pixels;
      this.size = size;
      this.timestamp = timestamp;
    }

    /** {@code [height, width, 3]} RGB bytes. */
    byte[] pixels() {
      return pixels;
    }

    FrameSize size() {
      return size;
    }

    /** Presentation time in the source, in seconds. */
    double timestamp() {
      return timestamp;
    }

    /** Adds a user. */
    void keep() {
      users++;
    }
  }
}
