package vivit.spark.input;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Memory outside the heap for the tokens of some clips, written to directly and used again for
 * batch after batch: fresh memory costs more in page faults than filling it.
 */
public final class TokenBuffer implements AutoCloseable {
  private final TokenShape shape;
  private final INDArray all; // [capacity, n, v]
  private final FloatPointer memory;

  /** Room for at most {@code capacity} clips. */
  public TokenBuffer(TokenShape shape, int capacity) {
    this.shape = shape;
    this.all =
        Nd4j.createUninitializedDetached(DataType.FLOAT, capacity, shape.tokens(), shape.values());
    this.memory = new FloatPointer(all.data().addressPointer());
  }

  /** Clips there is room for. */
  public int capacity() {
    return Math.toIntExact(all.size(0));
  }

  /** Bytes it takes. */
  long bytes() {
    return all.length() * Float.BYTES;
  }

  /** Where the tokens of {@code count} clips go, from clip {@code first} on. */
  public FloatBuffer clips(int first, int count) {
    long from = (long) first * shape.clipValues();
    return new FloatPointer(memory)
        .position(from)
        .limit(from + (long) count * shape.clipValues())
        .asBuffer();
  }

  /**
   * The tokens of the first clips {@code [clips, n, v]}, a view; to be asked for anew whenever they
   * have been written.
   */
  public INDArray tokens(int clips) {
    Nd4j.getAffinityManager().tagLocation(all, Location.HOST);
    return all.get(NDArrayIndex.interval(0, clips));
  }

  @Override
  public void close() {
    all.close();
  }
}
