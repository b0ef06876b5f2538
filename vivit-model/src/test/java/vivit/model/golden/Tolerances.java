package vivit.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far a number may be off, relative to the largest of its tensor; for gradients also relative
 * to the largest gradient of the case, since some gradients are zero by nature.
 */
record Tolerances(double value, double gradient, double noise) {

  static Tolerances of(DataType type) {
    return type == DataType.FLOAT
        ? new Tolerances(1e-5, 1e-4, 1e-6)
        : new Tolerances(1e-9, 1e-9, 1e-12);
  }

  void check(String what, INDArray found, double[] expected, double absolute) {
    check(
        what,
        found.dup('c').reshape(found.length()).castTo(DataType.DOUBLE).toDoubleVector(),
        expected,
        value * largest(expected) + absolute);
  }

  void checkGradient(String what, double[] found, double[] expected, double largestOfCase) {
    check(what, found, expected, gradient * largest(expected) + noise * largestOfCase);
  }

  static void check(String what, double[] found, double[] expected, double limit) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      double error = Math.abs(found[i] - expected[i]);
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    assertThat(worst).as("largest error of %s", what).isLessThanOrEqualTo(limit);
  }

  static double largest(double[] values) {
    return DoubleStream.of(values).map(Math::abs).max().orElse(0);
  }
}
