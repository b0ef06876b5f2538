package vivit.dataprep.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import vivit.dataprep.storage.Sha256;

/**
 * A stream for Parquet that computes checksums of the bytes it passes on: CRC-32C since the last
 * mark, and SHA-256 of the footer. Closing it leaves the underlying stream open.
 */
final class ChecksummedOutput extends PositionOutputStream implements OutputFile {
  /** Bytes are checksummed in pieces, while they are in the core's cache. */
  private static final int PIECE_BYTES = 1 << 16;

  private final OutputStream out;
  private final CRC32C part = new CRC32C();
  private ByteArrayOutputStream held;
  private long position;

  ChecksummedOutput(OutputStream out) {
    this.out = out;
  }

  /** Returns the CRC-32C of the bytes since the last call, and starts a new one. */
  String takePartCrc() {
    String crc = HexFormat.of().toHexDigits((int) part.getValue());
    part.reset();
    return crc;
  }

  /** Marks the start of the footer, which is held back until {@link #endFooter}. */
  void beginFooter() {
    held = new ByteArrayOutputStream();
  }

  /** Passes the footer on in its stable form; returns the SHA-256 of that form. */
  String endFooter() throws IOException {
    byte[] bytes = StableFooter.of(held.toByteArray());
    pass(bytes, 0, bytes.length);
    return Sha256.of(bytes);
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
    return false; // the bytes must not depend on the file system
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  /**
   * Makes the footer the same in every process. Parquet lists the encodings of a column in the
   * iteration order of a hash set, which differs from process to process; here they are sorted.
   */
  private static final class StableFooter {
    /** The length of the metadata and the magic bytes {@code PAR1}, at the end of the file. */
    private static final int TAIL_BYTES = 8;

    private StableFooter() {}

    /**
     * Sorts the encodings in a footer.
     *
     * @param footer the end of a file: indexes, metadata, length, magic
     * @return a footer of the same length
     */
    static byte[] of(byte[] footer) throws IOException {
      int end = footer.length - TAIL_BYTES;
      int start = end - ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
      FileMetaData metadata =
          Util.readFileMetaData(new ByteArrayInputStream(footer, start, end - start));
      for (RowGroup rowGroup : metadata.getRow_groups()) {
        for (ColumnChunk column : rowGroup.getColumns()) {
          column.getMeta_data().getEncodings().sort(Encoding::compareTo);
        }
      }
      ByteArrayOutputStream sorted = new ByteArrayOutputStream();
      Util.writeFileMetaData(metadata, sorted);
      if (sorted.size() != end - start) {
        throw new IllegalStateException(
            "A sorted footer has %d bytes, expected %d".formatted(sorted.size(), end - start));
      }
      byte[] stable = footer.clone();
      System.arraycopy(sorted.toByteArray(), 0, stable, start, sorted.size());
      return stable;
    }
  }
}
