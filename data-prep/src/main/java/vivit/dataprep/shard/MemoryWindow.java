package vivit.dataprep.shard;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file of which one stretch is in memory: lets Parquet parse exactly the bytes whose checksum was
 * compared, and no others.
 */
final class MemoryWindow implements InputFile {
  private final long length;
  private byte[] bytes = new byte[0];
  private long start;

  MemoryWindow(long length) {
    this.length = length;
  }

  /** Replaces the stretch; {@code bytes} is not copied. */
  void show(byte[] bytes, long start) {
    this.bytes = bytes;
    this.start = start;
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public SeekableInputStream newStream() {
    WindowStream stream = new WindowStream();
    return new DelegatingSeekableInputStream(stream) {
      @Override
      public long getPos() {
        return stream.position;
      }

      @Override
      public void seek(long position) {
        stream.position = position;
      }
    };
  }

  private final class WindowStream extends InputStream {
    private long position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      long from = position - start;
      if (from < 0 || from >= bytes.length) {
        throw new EOFException(
            "Byte %d is outside the checked stretch [%d, %d)"
                .formatted(position, start, start + bytes.length));
      }
      int found = (int) Math.min(count, bytes.length - from);
      System.arraycopy(bytes, (int) from, target, offset, found);
      position += found;
      return found;
    }
  }
}
