package vivit.dataprep.tfrecord;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.video.HadoopVideoInput;

/** Opens shards, as they are or in gzip, whatever their name says. */
final class ShardOpener {
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEAD_BYTES = 12;

  private ShardOpener() {}

  /**
   * Opens a shard; one without records is empty.
   *
   * @throws vivit.dataprep.video.UndecodableVideoException if there is none, or it may not be read
   */
  static ShardBytes open(FileSystem fs, Path shard) throws IOException {
    if (fs.exists(shard) && fs.getFileStatus(shard).getLen() == 0) {
      return new MemoryBytes(0, new byte[0]);
    }
    PlainBytes plain = new PlainBytes(HadoopVideoInput.open(fs, shard));
    try {
      byte[] head = new byte[HEAD_BYTES];
      int length = plain.readFully(0, head, HEAD_BYTES);
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

  /** Whether the first bytes are those of gzip, and not by chance the length of a record. */
  private static boolean isGzip(byte[] head, int length) {
    boolean magic =
        length > 2
            && (head[0] & 0xff) == GZIP_FIRST
            && (head[1] & 0xff) == GZIP_SECOND
            && head[2] == DEFLATE;
    int stated = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    return magic && (length < HEAD_BYTES || stated != MaskedCrc.of(head, 0, 8));
  }

  private record PlainBytes(HadoopVideoInput in) implements ShardBytes {
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
