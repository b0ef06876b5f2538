package vivit.dataprep.video;

import java.util.ArrayDeque;
import vivit.dataprep.clip.FrameSize;

/**
 * Memory for frames, reused: what one frame gives back the next one of its size takes, the last
 * first, since that is still in the core's cache.
 */
final class FrameStore {
  private static final int CHANNELS = 3;

  private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

  /** Room for a frame. */
  byte[] take(FrameSize size) {
    int bytes = size.height() * size.width() * CHANNELS;
    if (!spare.isEmpty() && spare.peek().length != bytes) {
      spare.clear();
    }
    return spare.isEmpty() ? new byte[bytes] : spare.pop();
  }

  /** Ends one use of a frame. */
  void release(KeptFrame frame) {
    if (frame.release()) {
      spare.push(frame.pixels());
    }
  }
}
