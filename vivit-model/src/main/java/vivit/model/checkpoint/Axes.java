package vivit.model.checkpoint;

import java.util.stream.IntStream;

/** Rearranges the axes of a tensor. */
final class Axes {

  private Axes() {}

  /**
   * Copies row-major numbers so that axis {@code i} of the result is axis {@code order[i]} of the
   * input; the same as NumPy's {@code transpose}.
   */
  static float[] permute(float[] values, long[] shape, int... order) {
    int axes = shape.length;
    if (IntStream.range(0, axes).allMatch(axis -> order[axis] == axis)) {
      return values;
    }
    long[] strides = new long[axes];
    long stride = 1;
    for (int axis = axes - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    float[] permuted = new float[values.length];
    long[] index = new long[axes];
    long from = 0;
    for (int to = 0; to < permuted.length; to++) {
      permuted[to] = values[(int) from];
      for (int axis = axes - 1; axis >= 0; axis--) {
        int source = order[axis];
        from += strides[source];
        if (++index[axis] < shape[source]) {
          break;
        }
        from -= strides[source] * shape[source];
        index[axis] = 0;
      }
    }
    return permuted;
  }

  /** Converts column-major numbers of a shape to row-major order. */
  static float[] fromColumnMajor(float[] values, long[] shape) {
    int axes = shape.length;
    long[] reversed = IntStream.range(0, axes).mapToLong(axis -> shape[axes - 1 - axis]).toArray();
    return permute(
        values, reversed, IntStream.range(0, axes).map(axis -> axes - 1 - axis).toArray());
  }

  /** The inverse of an order of axes. */
  static int[] inverse(int... order) {
    int[] inverse = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      inverse[order[axis]] = axis;
    }
    return inverse;
  }

  /** The shape after {@link #permute}. */
  static long[] permuted(long[] shape, int... order) {
    return IntStream.of(order).mapToLong(axis -> shape[axis]).toArray();
  }
}
