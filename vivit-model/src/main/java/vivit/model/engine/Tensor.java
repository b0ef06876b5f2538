package vivit.model.engine;

/**
 * Numbers in an engine's memory, accessed through a shape and strides. The last axis of a tensor
 * that is not a kernel is contiguous.
 */
public interface Tensor {

  /** Sizes of the axes. */
  long[] shape();

  /**
   * The same memory under another shape.
   *
   * @param offset first element, counted from this tensor's first
   * @param strides elements between neighbours, per axis
   */
  Tensor view(long offset, long[] shape, long[] strides);

  /** Number of elements. */
  default long length() {
    long product = 1;
    for (long size : shape()) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /** The same memory as a row-major tensor of another shape; only for row-major tensors. */
  default Tensor rowMajor(long offset, long... shape) {
    return view(offset, shape, rowMajorStrides(shape));
  }

  /** Strides of a gapless tensor whose last axis is fastest. */
  static long[] rowMajorStrides(long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    return strides;
  }
}
