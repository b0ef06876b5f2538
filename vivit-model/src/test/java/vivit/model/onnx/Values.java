package vivit.model.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Numbers of a shape, row-major, whatever their type was. */
record Values(int[] shape, double[] data) {

  Values {
    if (data.length != elements(shape)) {
      throw new IllegalArgumentException(
          data.length + " numbers of shape " + Arrays.toString(shape));
    }
  }

  /** Computes every number from its index. */
  static Values of(int[] shape, ToDoubleFunction<int[]> number) {
    double[] data = new double[elements(shape)];
    int[] index = new int[shape.length];
    for (int i = 0; i < data.length; i++) {
      for (int axis = shape.length - 1, rest = i; axis >= 0; axis--) {
        index[axis] = rest % shape[axis];
        rest /= shape[axis];
      }
      data[i] = number.applyAsDouble(index);
    }
    return new Values(shape, data);
  }

  /** The number at an index, broadcast: leading axes may be more, axes of size 1 repeat. */
  double at(int... index) {
    int place = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      int i = index[index.length - shape.length + axis];
      if (i >= shape[axis] && shape[axis] > 1) {
        throw new IndexOutOfBoundsException(
            Arrays.toString(index) + " of " + Arrays.toString(shape));
      }
      place = place * shape[axis] + (shape[axis] == 1 ? 0 : i);
    }
    return data[place];
  }

  int axes() {
    return shape.length;
  }

  /** A size; negative axes count from the last. */
  int size(int axis) {
    return shape[axis < 0 ? axis + shape.length : axis];
  }

  int[] integers() {
    return Arrays.stream(data).mapToInt(x -> (int) x).toArray();
  }

  /** Concatenates values along an axis. */
  static Values concat(int axis, List<Values> parts) {
    Values all = parts.get(0);
    for (Values next : parts.subList(1, parts.size())) {
      Values before = all;
      int border = before.size(axis);
      all =
          Values.of(
              with(before.shape, axis, border + next.size(axis)),
              i -> i[axis] < border ? before.at(i) : next.at(with(i, axis, i[axis] - border)));
    }
    return all;
  }

  /** The index, or shape, with one entry changed. */
  static int[] with(int[] index, int axis, int value) {
    int[] changed = index.clone();
    changed[axis] = value;
    return changed;
  }

  /** NumPy's broadcasting of two shapes. */
  static int[] broadcast(int[] a, int[] b) {
    int axes = Math.max(a.length, b.length);
    int[] shape = new int[axes];
    for (int axis = 1; axis <= axes; axis++) {
      int left = axis > a.length ? 1 : a[a.length - axis];
      int right = axis > b.length ? 1 : b[b.length - axis];
      if (left != right && left != 1 && right != 1) {
        throw new IllegalArgumentException(Arrays.toString(a) + " and " + Arrays.toString(b));
      }
      shape[axes - axis] = Math.max(left, right);
    }
    return shape;
  }

  static int elements(int... shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
