package vivit.dataprep.tfrecord;

import java.io.IOException;

/** Reads single bytes of a shard through a small buffer that skips the frames. */
final class ByteWindow {
  /** About the size of a record's context: listing takes one read per record. */
  private static final int WINDOW_BYTES = 4096;

  private final ShardBytes bytes;
  private final byte[] window = new byte[WINDOW_BYTES];
  private long start;
  private int filled;

  ByteWindow(ShardBytes bytes) {
    this.bytes = bytes;
  }

  /** The byte at a position, 0 to 255; -1 at or beyond the end. */
  int at(long position) throws IOException {
    if (position < start || position >= start + filled) {
      start = position;
      filled = 0;
      filled = bytes.readFully(position, window, WINDOW_BYTES);
    }
    return filled == 0 ? -1 : window[(int) (position - start)] & 0xff;
  }

  /** A number of {@code count} bytes, least first; absent bytes count as 0. */
  long littleEndian(long position, int count) throws IOException {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (long) Math.max(0, at(position + i)) << (8 * i);
    }
    return value;
  }
}
