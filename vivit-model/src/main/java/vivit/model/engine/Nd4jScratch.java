package vivit.model.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory for intermediate results of an operation: one buffer per purpose, which grows when needed.
 */
final class Nd4jScratch implements AutoCloseable {

  private static final String ONES = "ones";

  private final DataType type;
  private final Map<String, INDArray> buffers = new HashMap<>();
  private final Map<BufferKey, Nd4jTensor> views = new HashMap<>();

  Nd4jScratch(DataType type) {
    this.type = type;
  }

  private record BufferKey(String purpose, List<Long> shape) {}

  /** A row-major tensor with undefined contents, valid until the purpose is taken again. */
  Nd4jTensor take(String purpose, long... shape) {
    BufferKey key = new BufferKey(purpose, Arrays.stream(shape).boxed().toList());
    Nd4jTensor known = views.get(key);
    if (known != null) {
      return known;
    }
    long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (!buffers.containsKey(purpose) || buffers.get(purpose).length() < length) {
      grow(purpose, length);
    }
    Nd4jTensor view = new Nd4jTensor(buffers.get(purpose)).rowMajorView(shape);
    views.put(key, view);
    return view;
  }

  private void grow(String purpose, long length) {
    views.keySet().removeIf(key -> key.purpose().equals(purpose));
    INDArray old = buffers.put(purpose, Nd4j.createUninitializedDetached(type, length));
    if (old != null) {
      old.close();
    }
  }

  /** A {@code [length]} tensor of ones. */
  Nd4jTensor ones(long length) {
    INDArray before = buffers.get(ONES);
    Nd4jTensor ones = take(ONES, length);
    if (buffers.get(ONES) != before) {
      buffers.get(ONES).assign(1);
    }
    return ones;
  }

  @Override
  public void close() {
    buffers.values().forEach(INDArray::close);
    buffers.clear();
    views.clear();
  }
}
