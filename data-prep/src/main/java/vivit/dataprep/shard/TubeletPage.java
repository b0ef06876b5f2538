package vivit.dataprep.shard;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.internal.column.columnindex.BinaryTruncator;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The data page of a clip's tubelets: their number of bytes, then the bytes. A clip is cut straight
 * into it; clips of one size share the memory.
 */
final class TubeletPage extends BytesInput {
  private static final VarHandle LENGTH =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Of two bounds of this length, as of longer ones, Parquet makes no page index. */
  private static final int BOUND_BYTES = 2049;

  private byte[] page = {};

  /** Cuts a clip into the page. */
  void fill(ClipRow row) {
    int tubelets = row.cutter().tubeletBytes();
    int bytes = Math.addExact(Integer.BYTES, tubelets);
    if (page.length != bytes) {
      page = new byte[bytes];
    }
    LENGTH.set(page, 0, tubelets);
    row.cutter().cut(row.clip().pixels(), page, Integer.BYTES);
  }

  /**
   * Bounds of the page's only value, which Parquet shortens to {@code most} bytes for the footer;
   * none where it cannot shorten the upper one: a clip that begins white, say, would stand there as
   * a whole. Beginnings do for longer values, and take less memory until the footer is written.
   */
  Statistics<?> bounds(PrimitiveType type, int most) {
    int bytes = Math.min(page.length - Integer.BYTES, BOUND_BYTES);
    byte[] bound = Arrays.copyOfRange(page, Integer.BYTES, Integer.BYTES + bytes);
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
    out.write(page);
  }

  @Override
  public byte[] toByteArray() {
    return page;
  }

  @Override
  public ByteBuffer toByteBuffer() {
    return ByteBuffer.wrap(page);
  }

  @Override
  public long size() {
    return page.length;
  }
}
