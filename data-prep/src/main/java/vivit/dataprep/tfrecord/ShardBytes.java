package vivit.dataprep.tfrecord;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of a shard, or of one record, at any position. Not thread-safe. */
interface ShardBytes extends Closeable {
  /**
   * Reads up to {@code count} bytes.
   *
   * @return how many, at least 1; -1 at or beyond the end
   * @throws DamagedRecordException if the bytes cannot be unpacked
   * @throws IOException if the storage fails
   */
  int read(long position, byte[] to, int offset, int count) throws IOException;

  /** Reads {@code count} bytes, fewer at the end only; returns how many. */
  default int readFully(long position, byte[] to, int count) throws IOException {
    int filled = 0;
    while (filled < count) {
      int found = read(position + filled, to, filled, count - filled);
      if (found < 0) {
        break;
      }
      filled += found;
    }
    return filled;
  }
}
