package vivit.dataprep.shard;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A stream as Parquet wants it, which sums up what passes: SHA-256 of all bytes, and CRC-32C and
 * SHA-256 of the part since the last mark. Closing it leaves the underlying stream open.
 */
final class ChecksummedOutput extends PositionOutputStream implements OutputFile {
  private final OutputStream out;
  private final MessageDigest whole = Checksums.sha256();
  private final MessageDigest part = Checksums.sha256();
  private final CRC32C partCrc = new CRC32C();
  private long position;

  ChecksummedOutput(OutputStream out) {
    this.out = out;
  }

  /** CRC-32C of the bytes since the last call, which it forgets. */
  String takePartCrc() {
    String crc = Checksums.hex(partCrc);
    partCrc.reset();
    part.reset();
    return crc;
  }

  /** SHA-256 of the bytes since the last {@link #takePartCrc}. */
  String partSha256() {
    return Checksums.hex(part.digest());
  }

  /** SHA-256 of all bytes; ends the summing up. */
  String wholeSha256() {
    return Checksums.hex(whole.digest());
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
    out.write(bytes, offset, length);
    whole.update(bytes, offset, length);
    part.update(bytes, offset, length);
    partCrc.update(bytes, offset, length);
    position += length;
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
