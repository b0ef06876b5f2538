package vivit.model.engine;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Intermediate results inside one operation: one buffer per purpose, grown when needed. */
final class Scratch implements AutoCloseable {

  private final DataType type;
  private final Map<String, INDArray> buffers = new HashMap<>();

  Scratch(DataType type) {
    this.type = type;
  }

  /** A row-major array with undefined contents, valid until the purpose is asked for again. */
  INDArray take(String purpose, long... shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    INDArray buffer = buffers.get(purpose);
    if (buffer == null || buffer.length() < length) {
      if (buffer != null) {
        buffer.close();
      }
      buffer = Nd4j.createUninitializedDetached(type, length);
      buffers.put(purpose, buffer);
    }
    return Nd4j.create(buffer.data(), shape, Tensor.rowMajorStrides(shape), 0, 'c');
  }

  /** A {@code [length, 1]} array of ones. */
  INDArray ones(long length) {
    INDArray ones = buffers.get("ones");
    if (ones == null || ones.length() < length) {
      take("ones", length);
      ones = buffers.get("ones");
      ones.assign(1);
    }
    return Nd4j.create(ones.data(), new long[] {length, 1}, new long[] {1, length}, 0, 'f');
  }

  @Override
  public void close() {
    buffers.values().forEach(INDArray::close);
    buffers.clear();
  }
}
