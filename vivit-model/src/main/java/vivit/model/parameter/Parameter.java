package vivit.model.parameter;

import java.util.Arrays;

/**
 * One named tensor of the flat parameter vector.
 *
 * @param name Scenic's name, such as {@code embedding/kernel}
 * @param shape Scenic's shape, such as {@code [2, 16, 16, 3, 768]}
 * @param rows inputs of a kernel, the product of the axes that it sums over; 1 for vectors
 * @param offset first element in the flat vector
 * @param order of the elements in the flat vector
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

  /** Rearranges numbers from their order in the flat vector to row-major order. */
  public float[] toRowMajor(float[] stored) {
    return order == Order.ROW_MAJOR ? stored : transpose(stored, (int) columns(), (int) rows);
  }

  /** Rearranges row-major numbers to their order in the flat vector. */
  public float[] toFlat(float[] rowMajor) {
    return order == Order.ROW_MAJOR ? rowMajor : transpose(rowMajor, (int) rows, (int) columns());
  }

  /** Transposes a row-major {@code [rows, columns]} matrix to row-major {@code [columns, rows]}. */
  private static float[] transpose(float[] matrix, int rows, int columns) {
    float[] transposed = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = matrix[row * columns + column];
      }
    }
    return transposed;
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

  /** Order of a parameter's elements in the flat vector. */
  public enum Order {
    /** Last axis fastest, as in every checkpoint format. */
    ROW_MAJOR,
    /**
     * The parameter is a matrix of inputs by outputs, the input index fastest. Consecutive kernels
     * (query, key, value) then also form one matrix with the outputs of all of them.
     */
    COLUMN_MAJOR
  }
}
