package vivit.dataprep.shard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.internal.column.columnindex.BinaryTruncator;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/** A {@link TubeletPage} in Parquet's terms, not copied. */
final class StoredPage extends BytesInput {
  /** Of two bounds of this length, as of longer ones, Parquet makes no page index. */
  private static final int BOUND_BYTES = 2049;

  private final byte[] bytes;

  StoredPage(TubeletPage page) {
    this.bytes = page.whole();
  }

  /**
   * Bounds of the page's only value, which Parquet shortens to {@code most} bytes for the footer;
   * none where it cannot shorten the upper one: a clip that begins white, say, would stand there as
   * a whole. Beginnings do for longer values, and take less memory until the footer is written.
   */
  Statistics<?> bounds(PrimitiveType type, int most) {
    int end = Math.min(bytes.length, TubeletPage.START + BOUND_BYTES);
    byte[] bound = Arrays.copyOfRange(bytes, TubeletPage.START, end);
    BinaryTruncator truncator = BinaryTruncator.getTruncator(type);
    if (truncator.truncateMax(Binary.fromConstantByteArray(bound), most).length() > most) {
      return Statistics.createStats(type);
    }
    return Statistics.getBuilderForReading(type)
        .withMin(bound)
        .withMax(bound)
        .withNumNulls(0)
        .build();
  }

  @Override
  public void writeAllTo(OutputStream out) throws IOException {
    out.write(bytes);
  }

  @Override
  public byte[] toByteArray() {
    return bytes;
  }

  @Override
  public ByteBuffer toByteBuffer() {
    return ByteBuffer.wrap(bytes);
  }

  @Override
  public long size() {
    return bytes.length;
  }
}
