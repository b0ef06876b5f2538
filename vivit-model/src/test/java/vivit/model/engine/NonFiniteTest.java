package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.model.engine.Agreement.results;
import static vivit.model.engine.Workbench.floats;
import static vivit.model.engine.Workbench.rounded;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.model.regularise.DropoutMask;

/** NaN propagates, so that training notices divergence. */
class NonFiniteTest {

  private static final double INFINITE = Double.POSITIVE_INFINITY;
  private static final int N = 70;

  private static boolean[] isNaN(double[] values) {
    boolean[] is = new boolean[values.length];
    for (int i = 0; i < is.length; i++) {
      is[i] = Double.isNaN(values[i]);
    }
    return is;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 69})
  void functionsOfEveryNumberPassNaNOn(int spoilt) {
    double[] x = floats(1, N);
    x[spoilt] = Double.NaN;
    Map<String, double[]> found =
        Agreement.onThreads(
            1,
            bench -> {
              Engine engine = bench.engine;
              Tensor fine = bench.tensor(floats(2, N), 7, 10);
              Map<String, Tensor> y = new HashMap<>();
              for (String name :
                  List.of(
                      "gelu",
                      "slope",
                      "slopeDy",
                      "tanh",
                      "tanhSlope",
                      "tanhSlopeDy",
                      "add",
                      "scaled",
                      "masked",
                      "dropped",
                      "copy")) {
                y.put(name, bench.tensor(floats(2, N), 7, 10));
              }
              Tensor bad = bench.tensor(x, 7, 10);
              Tensor keep = bench.tensor(Naive.ones(7), 7);
              DropoutMask mask = new DropoutMask(1e-9, new long[] {1}, 1);
              engine.gelu(bad, y.get("gelu"));
              engine.geluGradient(bad, fine, y.get("slope"));
              engine.geluGradient(fine, bad, y.get("slopeDy"));
              engine.tanh(bad, y.get("tanh"));
              engine.tanhGradient(bad, fine, y.get("tanhSlope"));
              engine.tanhGradient(fine, bad, y.get("tanhSlopeDy"));
              engine.add(bad, y.get("add"));
              engine.addBranch(fine, bad, keep, y.get("scaled"));
              engine.maskBranch(bad, keep, y.get("masked"));
              engine.dropout(bad, mask, y.get("dropped"));
              engine.copy(bad, y.get("copy"));
              assertThat(engine.sumOfSquares(bad)).isNaN();
              Map<String, double[]> all = new HashMap<>();
              y.forEach((name, tensor) -> all.put(name, bench.read(tensor)));
              return all;
            });
    boolean[] expected = isNaN(x);
    found.forEach((name, y) -> assertThat(isNaN(y)).as(name).containsExactly(expected));
  }

  @Test
  void infinitiesHaveTheirLimits() {
    double[] x = rounded(INFINITE, -INFINITE, 3e38, -3e38, 1e20, -1e20);
    Map<String, double[]> found =
        Agreement.onThreads(
            1,
            bench -> {
              Tensor tanh = bench.output(6);
              Tensor gelu = bench.output(6);
              bench.engine.tanh(bench.input(x, 6), tanh);
              bench.engine.gelu(bench.input(x, 6), gelu);
              return results("tanh", bench.read(tanh), "gelu", bench.read(gelu));
            });
    assertThat(found.get("tanh")).containsExactly(1, -1, 1, -1, 1, -1);
    double[] gelu = found.get("gelu");
    assertThat(gelu[0]).isEqualTo(INFINITE);
    assertThat(gelu[2]).isEqualTo((float) 3e38);
    assertThat(gelu[4]).isEqualTo((float) 1e20);
    assertThat(gelu[3]).isZero();
    assertThat(gelu[5]).isZero();
  }

  @Test
  void linearLayersPassNaNOn() {
    double[] x = floats(1, 9, 5);
    x[22] = Double.NaN; // row 4, column 2
    Map<String, double[]> found =
        Agreement.onThreads(
            2,
            bench -> {
              Engine engine = bench.engine;
              Tensor bad = bench.tensor(x, 9, 5);
              Tensor kernel = bench.kernel(floats(2, 5, 3), 5, 3);
              Tensor bias = bench.tensor(floats(3, 3), 3);
              Tensor y = bench.output(9, 3);
              Tensor dKernel = bench.outputKernel(5, 3);
              Tensor dBias = bench.output(3);
              engine.linear(bad, kernel, bias, y);
              engine.linearParameterGradient(
                  bad, bench.tensor(floats(4, 9, 3), 9, 3), dKernel, dBias);
              Tensor above = bench.output(3);
              Tensor unused = bench.outputKernel(3, 5);
              Tensor dColumns = bench.output(5);
              engine.linearParameterGradient(
                  bench.tensor(floats(4, 9, 3), 9, 3), bad, unused, dColumns);
              engine.copy(dBias, above);
              return results(
                  "y",
                  bench.read(y),
                  "dW",
                  bench.readKernel(dKernel),
                  "db",
                  bench.read(above),
                  "sums",
                  bench.read(dColumns));
            });
    assertThat(indices(found.get("y"))).containsExactly(12, 13, 14);
    assertThat(indices(found.get("dW"))).containsExactly(6, 7, 8);
    assertThat(indices(found.get("db"))).isEmpty();
    assertThat(indices(found.get("sums"))).containsExactly(2);
  }

  private static int[] indices(double[] values) {
    return IntStream.range(0, values.length).filter(i -> Double.isNaN(values[i])).toArray();
  }

  @Test
  void layerNormPassesNaNOn() {
    double[] x = floats(1, 9, 20);
    x[45] = Double.NaN; // row 2, column 5
    Map<String, double[]> found =
        Agreement.onThreads(
            2,
            bench -> {
              Tensor bad = bench.tensor(x, 9, 20);
              Tensor scale = bench.tensor(floats(2, 20), 20);
              Tensor statistics = bench.output(2, 9);
              Tensor y = bench.output(9, 20);
              bench.engine.layerNorm(bad, scale, scale, statistics, y);
              Tensor dx = bench.tensor(floats(3, 9, 20), 9, 20);
              Tensor dScale = bench.output(20);
              Tensor dBias = bench.output(20);
              bench.engine.layerNormGradient(
                  bad, statistics, scale, bench.tensor(floats(4, 9, 20), 9, 20), dx, dScale, dBias);
              return results(
                  "y", bench.read(y), "dx", bench.read(dx), "dScale", bench.read(dScale));
            });
    int[] row = IntStream.range(40, 60).toArray();
    assertThat(indices(found.get("y"))).containsExactly(row);
    assertThat(indices(found.get("dx"))).containsExactly(row);
    assertThat(indices(found.get("dScale"))).hasSize(20);
  }

  @Test
  void readoutsPassNaNOn() {
    double[] x = floats(1, 2, 4, 3);
    x[16] = Double.NaN; // clip 1, token 1, column 1
    Map<String, double[]> found =
        Agreement.onThreads(
            2,
            bench -> {
              Tensor bad = bench.tensor(x, 2, 4, 3);
              Tensor mean = bench.output(2, 3);
              Tensor max = bench.output(2, 3);
              Tensor dx = bench.output(2, 4, 3);
              bench.engine.sumTokens(bad, 0.25, mean);
              bench.engine.maxTokens(bad, max);
              bench.engine.maxTokensGradient(bad, max, bench.tensor(floats(3, 2, 3), 2, 3), dx);
              return results(
                  "mean", bench.read(mean), "max", bench.read(max), "dx", bench.read(dx));
            });
    assertThat(indices(found.get("mean"))).containsExactly(4);
    assertThat(indices(found.get("max"))).containsExactly(4);
    assertThat(indices(found.get("dx"))).containsExactly(13, 16, 19, 22);
  }

  @Test
  void aZeroMaskDoesNotHideNaN() {
    double[] x = {1, Double.NaN, INFINITE, 2};
    Map<String, double[]> found =
        Agreement.onThreads(
            1,
            bench -> {
              Tensor y = bench.output(1, 4);
              bench.engine.maskBranch(bench.tensor(x, 1, 4), bench.tensor(new double[1], 1), y);
              return results("y", bench.read(y));
            });
    assertThat(found.get("y")).containsExactly(0, Double.NaN, Double.NaN, 0);
  }
}
