package vivit.bench;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;

/** Allocates tensors of random numbers, uniform around zero. */
final class RandomTensors implements AutoCloseable {

  private final Engine engine;
  private final List<INDArray> arrays = new ArrayList<>();

  RandomTensors(Engine engine) {
    this.engine = engine;
  }

  /** Allocates a row-major tensor. */
  Tensor take(long... shape) {
    return engine.adopt(array(shape));
  }

  /** Allocates a kernel {@code [in, out]}, input index fastest. */
  Tensor kernel(long in, long out) {
    return take(out * in).view(0, new long[] {in, out}, new long[] {1, in});
  }

  /** Allocates a row-major array; {@link #close} closes it. */
  INDArray array(long... shape) {
    INDArray array = Nd4j.rand(DataType.FLOAT, shape).subi(0.5);
    arrays.add(array);
    return array;
  }

  @Override
  public void close() {
    arrays.forEach(INDArray::close);
    arrays.clear();
  }
}
