package vivit.dataprep.tfrecord;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.video.HadoopVideoInput;

/** Random access to the bytes of a shard, plain or in gzip, or of one record. Not thread-safe. */
interface ShardBytes extends Closeable {
  /**
   * Reads up to {@code count} bytes.
   *
   * @return the number of bytes read, at least 1; -1 at or beyond the end
   * @throws DamagedRecordException if the bytes cannot be unpacked
   * @throws IOException if the storage fails
   */
  int read(long position, byte[] to, int offset, int count) throws IOException;

  /** Reads {@code count} bytes, fewer only at the end; returns the number of bytes read. */
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

  /**
   * Opens a shard; recognises gzip by content, not by name. A shard without records is empty.
   *
   * @throws vivit.dataprep.video.UndecodableVideoException if the file does not exist or is not
   *     readable
   */
  static ShardBytes open(FileSystem fs, Path shard) throws IOException {
    if (fs.exists(shard) && fs.getFileStatus(shard).getLen() == 0) {
      return new MemoryBytes(0, new byte[0]);
    }
    PlainBytes plain = new PlainBytes(HadoopVideoInput.open(fs, shard));
    try {
      byte[] head = new byte[Long.BYTES + Integer.BYTES]; // a record's length and its checksum
      int length = plain.readFully(0, head, head.length);
      if (!isGzip(head, length)) {
        return plain;
      }
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
    plain.close();
    return new GzipBytes(fs, shard);
  }

  /** Whether the first bytes are those of gzip and not, by chance, the length of a record. */
  private static boolean isGzip(byte[] head, int length) {
    boolean magic =
        length > 2
            && (head[0] & 0xff) == 0x1f
            && (head[1] & 0xff) == 0x8b
            && head[2] == 8; // deflate
    int stated = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(Long.BYTES);
    return magic && (length < head.length || stated != Framing.maskedCrc(head, 0, Long.BYTES));
  }

  /** The bytes of a file as they are. */
  record PlainBytes(HadoopVideoInput in) implements ShardBytes {
    @Override
    public int read(long position, byte[] to, int offset, int count) throws IOException {
      return in.read(position, to, offset, count);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
