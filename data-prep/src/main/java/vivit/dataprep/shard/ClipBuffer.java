package vivit.dataprep.shard;

import java.nio.ByteBuffer;

/**
 * Reusable memory for reading clips one after the other; the page faults of fresh memory would cost
 * more than the reads. A clip is valid until the next one is read. Not thread-safe; needs no
 * closing.
 */
public final class ClipBuffer {
  private static final int STEP_BYTES = 1 << 20;

  private ByteBuffer stored = ByteBuffer.allocateDirect(0);

  /** Memory for a row group, outside the heap, so that a read needs no second copy. */
  ByteBuffer stored(int bytes) {
    if (stored.capacity() < bytes) {
      int steps = (bytes - 1) / STEP_BYTES + 1;
      stored =
          ByteBuffer.allocateDirect((int) Math.min((long) steps * STEP_BYTES, Integer.MAX_VALUE));
    }
    return stored.clear().limit(bytes);
  }
}
