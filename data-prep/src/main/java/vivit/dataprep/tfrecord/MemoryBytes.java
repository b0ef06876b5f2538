package vivit.dataprep.tfrecord;

import java.io.IOException;
import vivit.dataprep.storage.WholeFile;

/**
 * A range of a shard, kept in memory.
 *
 * @param start its offset in the shard
 */
record MemoryBytes(long start, byte[] bytes) implements ShardBytes {
  private static final long MOST_BYTES = Math.min(1 << 28, 2 * WholeFile.mostBytes());

  /**
   * Unpacks a record.
   *
   * @throws DamagedRecordException if the shard ends early, or the record is too large for memory
   */
  static MemoryBytes of(ShardBytes shard, Framing.Frame frame) throws IOException {
    long length = frame.end() - frame.start();
    if (length > MOST_BYTES) {
      throw new DamagedRecordException(
          frame.start(),
          "a record of %d bytes in a gzip shard, expected at most %d; unpack the shard first"
              .formatted(length, MOST_BYTES));
    }
    byte[] bytes = new byte[(int) length];
    int found = shard.readFully(frame.start(), bytes, bytes.length);
    if (found < bytes.length) {
      throw DamagedRecordException.truncated(
          frame.start(), "it is truncated inside a record; copy the shard again");
    }
    return new MemoryBytes(frame.start(), bytes);
  }

  @Override
  public int read(long position, byte[] to, int offset, int count) {
    if (position < start || position >= start + bytes.length) {
      return -1;
    }
    int from = (int) (position - start);
    int found = Math.min(count, bytes.length - from);
    System.arraycopy(bytes, from, to, offset, found);
    return found;
  }

  @Override
  public void close() {
    // Memory needs no closing.
  }
}
