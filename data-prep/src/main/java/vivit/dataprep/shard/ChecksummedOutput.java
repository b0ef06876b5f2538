package vivit.dataprep.shard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A stream as Parquet wants it, which sums up what passes: CRC-32C of the bytes since the last
 * mark, SHA-256 of the footer. Closing it leaves the underlying stream open.
 */
final class ChecksummedOutput extends PositionOutputStream implements OutputFile {
  /** Bytes are passed on and summed up while they are in the core's cache. */
  private static final int PIECE_BYTES = 1 << 16;

  private final OutputStream out;
  private final CRC32C part = new CRC32C();
  private ByteArrayOutputStream held;
  private long position;

  ChecksummedOutput(OutputStream out) {
    this.out = out;
  }

  /** CRC-32C of the bytes since the last call, which it forgets. */
  String takePartCrc() {
    String crc = Checksums.hex(part);
    part.reset();
    return crc;
  }

  /** The footer begins here; what follows is held back until {@link #endFooter}. */
  void beginFooter() {
    held = new ByteArrayOutputStream();
  }

  /** Passes the footer on, in its stable form; SHA-256 of that. */
  String endFooter() throws IOException {
    byte[] bytes = StableFooter.of(held.toByteArray());
    pass(bytes, 0, bytes.length);
    return Checksums.sha256(bytes);
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    position += length;
    if (held == null) {
      pass(bytes, offset, length);
    } else {
      held.write(bytes, offset, length);
    }
  }

  private void pass(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    for (int at = offset; at < end; at += PIECE_BYTES) {
      int count = Math.min(PIECE_BYTES, end - at);
      out.write(bytes, at, count);
      part.update(bytes, at, count);
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return this;
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return this;
  }

  @Override
  public boolean supportsBlockSize() {
    return false; // no padding: bytes must not depend on the file system
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
