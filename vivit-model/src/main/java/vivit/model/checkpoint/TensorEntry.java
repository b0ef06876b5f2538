package vivit.model.checkpoint;

import java.util.Arrays;

/**
 * One tensor of a safetensors file.
 *
 * @param name may contain {@code /}
 * @param type number format
 * @param shape row-major; empty for a single number
 * @param offset first byte behind the header
 */
public record TensorEntry(String name, ElementType type, long[] shape, long offset) {

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

  /** A tensor whose place in the file the writer will choose. */
  public static TensorEntry of(String name, ElementType type, long... shape) {
    return new TensorEntry(name, type, shape, 0);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of elements; 1 for a single number. */
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
