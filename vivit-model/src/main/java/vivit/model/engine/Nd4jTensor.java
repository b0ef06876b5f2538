package vivit.model.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.shape.HeadRange;

/** An array and the views of it that operations use, each created once. */
final class Nd4jTensor implements Tensor {

  private final INDArray array;
  private final long[] shape;
  private INDArray rows;
  private INDArray columns;
  private INDArray vector;
  private INDArray row;
  private INDArray column;
  private INDArray[] heads;
  private HeadRange headRange;
  private final Map<Long, Nd4jTensor> slices = new HashMap<>();
  private final Map<List<Long>, Nd4jTensor> reshaped = new HashMap<>();

  Nd4jTensor(INDArray array) {
    this.array = array;
    shape = array.shape();
  }

  INDArray array() {
    return array;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  long width() {
    return shape[shape.length - 1];
  }

  @Override
  public Nd4jTensor view(long offset, long[] shape, long[] strides) {
    return new Nd4jTensor(see(offset, strides, shape));
  }

  /** All leading axes as one: {@code [n, width]}, row-major. */
  INDArray rows() {
    if (rows == null) {
      rows = shape.length == 2 ? array : see(0, new long[] {width(), 1}, count(), width());
    }
    return rows;
  }

  /** The transpose of {@link #rows}: {@code [width, n]}, column-major, which suits BLAS. */
  INDArray columns() {
    if (columns == null) {
      columns = see(0, new long[] {1, width()}, width(), count());
    }
    return columns;
  }

  /** All numbers as one axis. */
  INDArray vector() {
    if (vector == null) {
      vector = shape.length == 1 ? array : see(0, new long[] {1}, length());
    }
    return vector;
  }

  /** All numbers as one row {@code [1, length]}. */
  INDArray row() {
    if (row == null) {
      row = see(0, new long[] {length(), 1}, 1, length());
    }
    return row;
  }

  /** All numbers as one column {@code [length, 1]}. */
  INDArray column() {
    if (column == null) {
      column = see(0, new long[] {1, length()}, length(), 1);
    }
    return column;
  }

  /** The same memory under another row-major shape. */
  Nd4jTensor rowMajorView(long... newShape) {
    return reshaped.computeIfAbsent(
        Arrays.stream(newShape).boxed().toList(),
        key -> new Nd4jTensor(see(0, Tensor.rowMajorStrides(newShape), newShape)));
  }

  /** View of one index of the first axis. */
  Nd4jTensor slice(long index) {
    long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
    return slices.computeIfAbsent(
        index,
        i -> view(i * array.stride(0), rest, Arrays.copyOfRange(array.stride(), 1, shape.length)));
  }

  /**
   * Views {@code [..., range.count(), n, dh]} of a {@code [..., n, parts heads dh]} tensor, one per
   * part.
   */
  INDArray[] heads(int parts, HeadRange range) {
    if (heads == null || !range.equals(headRange)) {
      int leading = shape.length - 2;
      long width = width() / parts / range.heads();
      long[] strides = array.stride();
      long[] viewShape = Arrays.copyOf(shape, leading + 3);
      long[] viewStrides = Arrays.copyOf(strides, leading + 3);
      viewShape[leading] = range.count();
      viewShape[leading + 1] = shape[leading];
      viewShape[leading + 2] = width;
      viewStrides[leading] = width;
      viewStrides[leading + 1] = strides[leading];
      viewStrides[leading + 2] = 1;
      heads = new INDArray[parts];
      for (int part = 0; part < parts; part++) {
        long first = (long) part * range.heads() + range.first();
        heads[part] = see(first * width, viewStrides, viewShape);
      }
      headRange = range;
    }
    return heads;
  }

  private long count() {
    return length() / width();
  }

  private INDArray see(long offset, long[] strides, long... viewShape) {
    char order = strides.length == 2 && strides[0] == 1 ? 'f' : 'c';
    return Nd4j.create(array.data(), viewShape, strides, array.offset() + offset, order);
  }
}
