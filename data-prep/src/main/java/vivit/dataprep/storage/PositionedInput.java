package vivit.dataprep.storage;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.Checksum;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A file that can be read at any position, straight into memory that the caller owns.
 *
 * <p>Local files are read without Hadoop's streams, which would copy once more. Not thread-safe.
 */
public abstract sealed class PositionedInput implements Closeable {

  /** Opens a file; a local one without its {@code .crc} companion. */
  public static PositionedInput open(FileSystem fs, Path path) throws IOException {
    FileSystem raw = AtomicFile.raw(fs);
    return raw instanceof RawLocalFileSystem local
        ? new LocalInput(FileChannel.open(local.pathToFile(path).toPath()))
        : new HadoopInput(raw.open(path));
  }

  /**
   * Fills a buffer's remaining bytes with those of the file from {@code position} on.
   *
   * @param to receives the bytes; a buffer outside the heap saves a copy
   * @param sum updated with the bytes
   * @throws EOFException if the file ends earlier
   */
  public abstract void readFully(long position, ByteBuffer to, Checksum sum) throws IOException;

  private static final class LocalInput extends PositionedInput {
    /** A piece is checksummed while it is still in the core's cache. */
    private static final int PIECE_BYTES = 1 << 18;

    private final FileChannel channel;

    LocalInput(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void readFully(long position, ByteBuffer to, Checksum sum) throws IOException {
      int end = to.limit();
      long at = position;
      while (to.position() < end) {
        int start = to.position();
        to.limit(Math.min(end, start + PIECE_BYTES));
        int count = channel.read(to, at);
        if (count < 0) {
          throw new EOFException("The file ends at byte " + at);
        }
        sum.update(to.flip().position(start));
        to.limit(end).position(start + count);
        at += count;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * Reads the whole range in one request, since every request to remote storage costs a round trip.
   */
  private static final class HadoopInput extends PositionedInput {
    private final FSDataInputStream in;
    private final boolean intoBuffers;

    HadoopInput(FSDataInputStream in) {
      this.in = in;
      this.intoBuffers = in.hasCapability(StreamCapabilities.PREADBYTEBUFFER);
    }

    @Override
    public void readFully(long position, ByteBuffer to, Checksum sum) throws IOException {
      int start = to.position();
      if (intoBuffers) {
        in.readFully(position, to);
      } else {
        byte[] bytes = new byte[to.remaining()];
        in.readFully(position, bytes);
        to.put(bytes);
      }
      sum.update(to.flip().position(start));
      to.position(to.limit());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
