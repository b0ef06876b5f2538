package vivit.model.engine;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.GradientCheck;

/** An engine with arrays instead of tensors around it. */
final class Workbench implements AutoCloseable {

  final Engine engine;

  Workbench(Engine engine) {
    this.engine = engine;
  }

  /** A row-major tensor that holds these numbers. */
  Tensor tensor(double[] values, long... shape) {
    Tensor tensor = engine.allocate(shape);
    engine.load(values, tensor);
    return tensor;
  }

  /** A tensor whose old contents must not matter. */
  Tensor output(long... shape) {
    Tensor tensor = engine.allocate(shape);
    engine.fill(tensor, Double.NaN);
    return tensor;
  }

  /** An {@code [in, out]} kernel, input index fastest, from row-major numbers. */
  Tensor kernel(double[] rowMajor, int in, int out) {
    double[] turned = turn(rowMajor, in, out);
    return tensor(turned, (long) in * out).view(0, new long[] {in, out}, new long[] {1, in});
  }

  /** A kernel's numbers in row-major order. */
  double[] readKernel(Tensor kernel) {
    int in = (int) kernel.shape()[0];
    int out = (int) kernel.shape()[1];
    Tensor flat = kernel.view(0, new long[] {(long) in * out}, new long[] {1});
    return turn(read(flat), out, in);
  }

  double[] read(Tensor tensor) {
    INDArray array = Nd4j.create(DataType.DOUBLE, tensor.shape());
    engine.copy(tensor, engine.adopt(array));
    return array.reshape(array.length()).toDoubleVector();
  }

  static double[] random(int seed, long... shape) {
    return GradientCheck.gaussian(seed, Arrays.stream(shape).reduce(1, (a, b) -> a * b));
  }

  private static double[] turn(double[] matrix, int rows, int columns) {
    double[] turned = new double[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = matrix[row * columns + column];
      }
    }
    return turned;
  }

  @Override
  public void close() {
    engine.close();
  }
}
