package vivit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;

/** A range of a file as a buffered stream; the buffer exists from the first read to the close. */
final class BytesInput extends InputStream {

  private static final int PIECE = 1 << 16;

  private final Bytes bytes;
  private byte[] piece = {};
  private long position;
  private final long end;
  private int next;
  private int filled;

  /** The bytes from {@code position} to {@code end}, which must lie in the file. */
  BytesInput(Bytes bytes, long position, long end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    return fill() ? piece[next++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (next == filled && count >= Math.min(PIECE, end - position) && position < end) {
      int direct = (int) Math.min(count, end - position);
      bytes.read(position, into, from, direct);
      position += direct;
      return direct;
    }
    if (!fill()) {
      return -1;
    }
    int copied = Math.min(count, filled - next);
    System.arraycopy(piece, next, into, from, copied);
    next += copied;
    return copied;
  }

  @Override
  public void close() {
    piece = new byte[0];
    position = end;
    next = filled;
  }

  private boolean fill() throws IOException {
    if (next == filled) {
      next = 0;
      filled = (int) Math.min(PIECE, end - position);
      piece = piece.length < filled ? new byte[filled] : piece;
      bytes.read(position, piece, 0, filled);
      position += filled;
    }
    return filled > 0;
  }
}
