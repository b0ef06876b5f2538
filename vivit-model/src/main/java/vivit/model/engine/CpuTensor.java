package vivit.model.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Floats in native memory, accessed through a shape and strides. */
final class CpuTensor implements Tensor {

  private final INDArray owner;
  private final long address;
  private final long[] shape;
  private final long[] strides;
  private final long length;

  private CpuTensor(INDArray owner, long address, long[] shape, long[] strides) {
    this.owner = owner;
    this.address = address;
    this.shape = shape;
    this.strides = strides;
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    length = product;
  }

  /** Wraps an array in its own layout. */
  static CpuTensor of(INDArray array) {
    long address = array.data().pointer().address() + array.offset() * Address.BYTES;
    return new CpuTensor(array, address, array.shape(), array.stride());
  }

  /** The array that owns the memory. */
  INDArray owner() {
    return owner;
  }

  long address() {
    return address;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public long length() {
    return length;
  }

  /** Size of an axis; negative axes count from the last, -1. */
  long size(int axis) {
    return shape[axis < 0 ? shape.length + axis : axis];
  }

  /** Elements between neighbours of an axis; negative axes count from the last. */
  long stride(int axis) {
    return strides[axis < 0 ? strides.length + axis : axis];
  }

  int axes() {
    return shape.length;
  }

  /** Number of rows along the last axis. */
  long rows() {
    return length / size(-1);
  }

  /** Whether the elements are contiguous in row-major order. */
  boolean gapless() {
    long expected = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && strides[axis] != expected) {
        return false;
      }
      expected *= shape[axis];
    }
    return true;
  }

  /**
   * Offset of the first element at an index of the leading axes, all but the last {@code trailing}
   * ones, counted in row-major order.
   */
  long offset(long index, int trailing) {
    long rest = index;
    long offset = 0;
    for (int axis = shape.length - 1 - trailing; axis >= 0; axis--) {
      offset += rest % shape[axis] * strides[axis];
      rest /= shape[axis];
    }
    return offset;
  }

  @Override
  public CpuTensor view(long offset, long[] newShape, long[] newStrides) {
    return new CpuTensor(
        owner, address + offset * Address.BYTES, newShape.clone(), newStrides.clone());
  }
}
