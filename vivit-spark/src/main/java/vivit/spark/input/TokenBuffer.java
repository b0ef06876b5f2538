package vivit.spark.input;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Memory outside the heap for the tokens of clips, written to directly and reused for every batch,
 * because the page faults of fresh memory cost more than filling it.
 */
public final class TokenBuffer implements AutoCloseable {
  private final TokenShape shape;
  private final INDArray all; // [capacity, n, v]
  private final FloatPointer memory;

  /**
   * The size of the tokens of one clip.
   *
   * @param tokens number of tokens, n
   * @param values number of values per token, v
   */
  public record TokenShape(int tokens, int values) {

    /** Number of values of a clip. */
    public int clipValues() {
      return tokens * values;
    }
  }

  /** Allocates memory for at most {@code capacity} clips. */
  public TokenBuffer(TokenShape shape, int capacity) {
    this.shape = shape;
    this.all =
        Nd4j.createUninitializedDetached(DataType.FLOAT, capacity, shape.tokens(), shape.values());
    this.memory = new FloatPointer(all.data().addressPointer());
  }

  /** The largest number of clips. */
  public int capacity() {
    return Math.toIntExact(all.size(0));
  }

  /** Size in bytes. */
  long bytes() {
    return all.length() * Float.BYTES;
  }

  /** The memory for the tokens of {@code count} clips, starting with clip {@code first}. */
  public FloatBuffer clips(int first, int count) {
    long from = (long) first * shape.clipValues();
    return new FloatPointer(memory)
        .position(from)
        .limit(from + (long) count * shape.clipValues())
        .asBuffer();
  }

  /**
   * The tokens of the first clips {@code [clips, n, v]}, a view; call this again after every write.
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
