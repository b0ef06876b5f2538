package vivit.dataprep.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * The same footer in every process. Parquet lists the encodings of a column in the order of a hash
 * set of objects, which differs from process to process; here they are sorted.
 */
final class StableFooter {
  /** After the metadata: their length and the magic bytes {@code PAR1}. */
  private static final int TAIL_BYTES = 8;

  private StableFooter() {}

  /**
   * Sorts the encodings.
   *
   * @param footer the end of a file: indexes, metadata, length, magic
   * @return the same number of bytes
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
