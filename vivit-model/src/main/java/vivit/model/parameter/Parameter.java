package vivit.model.parameter;

import java.util.Arrays;

/**
 * One named tensor of the flat parameter vector.
 *
 * @param name Scenic's name, such as {@code embedding/kernel}
 * @param shape Scenic's shape, such as {@code [2, 16, 16, 3, 768]}
 * @param rows inputs of a kernel: the product of all axes that are summed over; 1 for vectors
 * @param offset first element in the flat vector
 * @param order how the elements lie there
 */
public record Parameter(String name, long[] shape, long rows, long offset, Order order) {

  /** Copies the shape; refuses rows that do not divide the number of elements. */
  public Parameter {
    shape = shape.clone();
    if (rows < 1 || product(shape) % rows != 0) {
      throw new IllegalArgumentException(
          "Parameter %s of shape %s cannot have %d rows"
              .formatted(name, Arrays.toString(shape), rows));
    }
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  public long length() {
    return product(shape);
  }

  /** Outputs of a kernel: elements divided by {@link #rows}. */
  public long columns() {
    return length() / rows;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parameter that
        && name.equals(that.name)
        && Arrays.equals(shape, that.shape)
        && rows == that.rows
        && offset == that.offset
        && order == that.order;
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + Arrays.hashCode(shape) + Long.hashCode(offset);
  }

  @Override
  public String toString() {
    return "%s %s at %d, %s".formatted(name, Arrays.toString(shape), offset, order);
  }

  private static long product(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /** How a parameter's numbers lie in the flat vector. */
  public enum Order {
    /** Last axis fastest, as in every checkpoint format. */
    ROW_MAJOR,
    /**
     * The parameter is a matrix of {@code rows} inputs by outputs and the input index is fastest.
     * Kernels that follow one another are then also one wider matrix (query, key, value).
     */
    COLUMN_MAJOR
  }
}
