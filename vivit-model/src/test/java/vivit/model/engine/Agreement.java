package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Whether {@link OneDnnEngine} computes what ND4J computes, and the same bits on several numbers of
 * threads.
 */
final class Agreement {

  /** Tolerance of float32 results, relative to the largest of them. */
  static final double ROUNDING = 2e-6;

  private static final int MOST_THREADS = 3;

  private Agreement() {}

  /** A computation; returns its results by name. */
  interface Operation {
    Map<String, double[]> on(Workbench bench);
  }

  /** Results in the order of their names. */
  static Map<String, double[]> results(Object... namesAndValues) {
    Map<String, double[]> results = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      results.put((String) namesAndValues[i], (double[]) namesAndValues[i + 1]);
    }
    return results;
  }

  /**
   * Computes with ND4J in double and with oneDNN in float. Inputs must be numbers that float holds.
   *
   * @param size results are compared relative to the largest, or to this where all are smaller:
   *     sums of k products of gaussian numbers are of size sqrt(k), whatever they cancel to
   */
  static void check(double size, Operation operation) {
    check(size, ROUNDING, operation);
  }

  /** With another bound than {@link #ROUNDING}. */
  static void check(double size, double rounding, Operation operation) {
    Map<String, double[]> expected =
        on(new Nd4jEngine(DataType.DOUBLE), DataType.DOUBLE, operation);
    Map<String, double[]> onOne = onThreads(1, operation);
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
      Map<String, double[]> found = threads == 1 ? onOne : onThreads(threads, operation);
      requireSameBits("%d threads".formatted(threads), found, onOne);
      for (String name : expected.keySet()) {
        String what = "%s on %d threads".formatted(name, threads);
        compare(what, found.get(name), expected.get(name), size, rounding);
      }
    }
  }

  static Map<String, double[]> onThreads(int threads, Operation operation) {
    return on(new OneDnnEngine(threads), DataType.FLOAT, operation);
  }

  /** Fails unless every number has the same bits. */
  static void requireSameBits(
      String what, Map<String, double[]> found, Map<String, double[]> expected) {
    for (String name : expected.keySet()) {
      boolean equal = Arrays.equals(found.get(name), expected.get(name));
      assertThat(equal).as("%s on %s: the bits of one thread", name, what).isTrue();
    }
  }

  private static Map<String, double[]> on(Engine engine, DataType type, Operation operation) {
    try (Workbench bench = new Workbench(engine, type)) {
      Map<String, double[]> results = operation.on(bench);
      bench.requireNothingElseWritten();
      return results;
    }
  }

  /** NaN where NaN is expected, the same infinities, and all others within rounding. */
  static void compare(
      String what, double[] found, double[] expected, double size, double rounding) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    double largest =
        Arrays.stream(expected).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    double bound = rounding * Math.max(largest, size);
    int worst = -1;
    double most = bound;
    for (int i = 0; i < expected.length; i++) {
      double difference =
          Double.compare(found[i], expected[i]) == 0 ? 0 : Math.abs(found[i] - expected[i]);
      if (!(difference <= most)) {
        worst = i;
        most = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
      }
    }
    if (worst >= 0) {
      throw new AssertionError(
          "%s[%d] is %s, expected %s within %.3g (largest %.3g)"
              .formatted(what, worst, found[worst], expected[worst], bound, largest));
    }
  }
}
