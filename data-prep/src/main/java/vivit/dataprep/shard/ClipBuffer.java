package vivit.dataprep.shard;

import java.nio.ByteBuffer;

/**
 * Memory that clips are read into, one after the other: fresh memory costs more in page faults than
 * reading a clip. What was read into it is valid until the next clip is. For one thread at a time;
 * never to be closed.
 */
public final class ClipBuffer {
  private static final int STEP_BYTES = 1 << 20;

  private ByteBuffer stored = ByteBuffer.allocateDirect(0);

  /** Room for the bytes of a row group, outside the heap: a read needs no second copy there. */
  ByteBuffer stored(int bytes) {
    if (stored.capacity() < bytes) {
      int steps = (bytes - 1) / STEP_BYTES + 1;
      stored =
          ByteBuffer.allocateDirect((int) Math.min((long) steps * STEP_BYTES, Integer.MAX_VALUE));
    }
    return stored.clear().limit(bytes);
  }
}
