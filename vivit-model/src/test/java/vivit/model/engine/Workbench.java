package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.GradientCheck;

/**
 * An engine with arrays instead of tensors around it. Every tensor lies between two zones that
 * nobody may touch, and begins where no vector instruction likes it.
 */
final class Workbench implements AutoCloseable {

  private static final int ZONE = 13;
  private static final double GUARD = 12345.5;

  final Engine engine;
  private final DataType type;
  private final List<Tensor> zones = new ArrayList<>();
  private final List<Input> inputs = new ArrayList<>();

  Workbench(Engine engine, DataType type) {
    this.engine = engine;
    this.type = type;
  }

  private record Input(Tensor tensor, double[] values) {}

  /** A row-major tensor with these numbers, which may change. */
  Tensor tensor(double[] values, long... shape) {
    Tensor tensor = guarded(shape);
    engine.load(values, tensor);
    return tensor;
  }

  /** A row-major tensor with these numbers, which must not change. */
  Tensor input(double[] values, long... shape) {
    Tensor tensor = tensor(values, shape);
    inputs.add(new Input(tensor, values.clone()));
    return tensor;
  }

  /** A tensor whose old contents must not matter. */
  Tensor output(long... shape) {
    Tensor tensor = guarded(shape);
    engine.fill(tensor, Double.NaN);
    return tensor;
  }

  private Tensor guarded(long... shape) {
    long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    Tensor all = engine.allocate(length + 2 * ZONE);
    zones.add(all.rowMajor(0, ZONE));
    zones.add(all.rowMajor(ZONE + length, ZONE));
    engine.fill(all, GUARD);
    return all.rowMajor(ZONE, shape);
  }

  /** Fails if an input, or memory next to a tensor, has changed. */
  void requireNothingElseWritten() {
    for (Input input : inputs) {
      assertThat(Arrays.equals(read(input.tensor()), input.values())).as("input kept").isTrue();
    }
    for (Tensor zone : zones) {
      assertThat(read(zone)).as("memory beside a tensor").containsOnly(GUARD);
    }
  }

  /** An {@code [in, out]} kernel, input index fastest, from row-major numbers. */
  Tensor kernel(double[] rowMajor, int in, int out) {
    return kernel(input(turn(rowMajor, in, out), (long) in * out), in, out);
  }

  /** A kernel whose old contents must not matter. */
  Tensor outputKernel(int in, int out) {
    return kernel(output((long) in * out), in, out);
  }

  private static Tensor kernel(Tensor flat, int in, int out) {
    return flat.view(0, new long[] {in, out}, new long[] {1, in});
  }

  /** A kernel's numbers in row-major order. */
  double[] readKernel(Tensor kernel) {
    int in = (int) kernel.shape()[0];
    int out = (int) kernel.shape()[1];
    Tensor flat = kernel.view(0, new long[] {(long) in * out}, new long[] {1});
    return turn(read(flat), out, in);
  }

  double[] read(Tensor tensor) {
    try (INDArray array = Nd4j.createUninitializedDetached(type, tensor.shape())) {
      engine.copy(tensor, engine.adopt(array));
      return array.data().asDouble();
    }
  }

  static double[] random(int seed, long... shape) {
    return GradientCheck.gaussian(seed, Arrays.stream(shape).reduce(1, (a, b) -> a * b));
  }

  /** As {@link #random}, rounded so that float32 holds them exactly. */
  static double[] floats(int seed, long... shape) {
    return rounded(random(seed, shape));
  }

  /** Rounded so that float32 holds them exactly. */
  static double[] rounded(double... values) {
    return Arrays.stream(values).map(v -> (float) v).toArray();
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
