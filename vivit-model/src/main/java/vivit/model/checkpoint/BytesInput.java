package vivit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;

/** A range of a file as a buffered stream. */
final class BytesInput extends InputStream {

  private static final int PIECE = 1 << 16;

  private final Bytes bytes;
  private final byte[] piece;
  private long position;
  private final long end;
  private int next;
  private int filled;

  /** The bytes from {@code position} to {@code end}, which must lie in the file. */
  BytesInput(Bytes bytes, long position, long end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.piece = new byte[(int) Math.min(PIECE, end - position)];
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
    if (next == filled && count >= piece.length && position < end) {
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

  private boolean fill() throws IOException {
    if (next == filled) {
      next = 0;
      filled = (int) Math.min(piece.length, end - position);
      bytes.read(position, piece, 0, filled);
      position += filled;
    }
    return filled > 0;
  }
}
