package vivit.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor of a checkpoint: name, type, shape and position.
 *
 * @param name may contain {@code /}
 * @param type number format
 * @param shape row-major; empty for a scalar
 * @param offset first byte of its numbers; in safetensors headers, counted from the end of the
 *     header
 */
public record TensorEntry(String name, ElementType type, long[] shape, long offset) {

  /** The largest array that every JVM can allocate. */
  static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;

  private static final int CHUNK_BYTES = 1 << 16;

  /** Copies the shape; refuses negative sizes. */
  public TensorEntry {
    shape = shape.clone();
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "Tensor %s has a negative size in %s".formatted(name, Arrays.toString(shape)));
      }
    }
  }

  /** Creates an entry for a writer, which chooses the offset. */
  public static TensorEntry of(String name, ElementType type, long... shape) {
    return new TensorEntry(name, type, shape, 0);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of elements; 1 for a scalar. */
  public long elements() {
    long product = 1;
    for (long size : shape) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /** Number of bytes. */
  public long bytes() {
    return Math.multiplyExact(elements(), type.bytes());
  }

  /**
   * Reads all numbers as float32, in the order of their bytes.
   *
   * @param in at the first number; the caller has checked that the file is long enough
   * @param order of the bytes of one number
   * @param source the file's name, for messages
   * @throws CorruptCheckpointException when the stream ends early, or a number exceeds float32
   * @throws TooLargeException when the heap has no room for the numbers and a rearranged copy
   */
  float[] read(InputStream in, ByteOrder order, String source) throws IOException {
    requireReadable(source);
    String what = "tensor " + name;
    TooLargeException.requireRoom(source, what, 2 * elements() * Float.BYTES);
    float[] values = TooLargeException.floats(source, what, elements());
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, bytes())).order(order);
    int size = type.bytes();
    for (int done = 0; done < values.length; ) {
      int count = Math.min(values.length - done, chunk.capacity() / size);
      int found = in.readNBytes(chunk.array(), 0, count * size);
      if (found < count * size) {
        throw at(
            source, "ends after %d of its %d bytes".formatted((long) done * size + found, bytes()));
      }
      chunk.clear();
      for (int i = 0; i < count; i++) {
        values[done++] = narrow(type.next(chunk), source);
      }
    }
    return values;
  }

  /** Refuses integers, which parameters never are, and more elements than an array can hold. */
  void requireReadable(String source) throws CorruptCheckpointException {
    if (!type.isFloating()) {
      throw at(source, "has type %s, expected a floating type".formatted(type));
    }
    if (elements() > MOST_ELEMENTS) {
      throw at(source, "has %d elements, too many for one array".formatted(elements()));
    }
  }

  private float narrow(double value, String source) throws CorruptCheckpointException {
    float narrow = (float) value;
    if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
      throw at(source, "holds %s, which does not fit float32".formatted(value));
    }
    return narrow;
  }

  /** Creates the exception {@code Cannot read <source>: tensor <name> <problem>}. */
  CorruptCheckpointException at(String source, String problem) {
    return CorruptCheckpointException.at(source, offset, "tensor %s %s".formatted(name, problem));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorEntry that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape)
        && offset == that.offset;
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return "%s %s %s at byte %d".formatted(name, type, Arrays.toString(shape), offset);
  }
}
