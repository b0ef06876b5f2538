package vivit.model.engine;

import static vivit.model.engine.Agreement.results;
import static vivit.model.engine.Workbench.floats;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.engine.Agreement.Operation;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/**
 * Results of shapes large enough for many parts are the same to the bit on any number of threads;
 * {@link Agreement} compares small shapes.
 */
class ThreadCountTest {

  private static void sameBits(Operation operation) {
    Map<String, double[]> expected = Agreement.onThreads(1, operation);
    for (int threads : new int[] {2, 3, 4, 7}) {
      Map<String, double[]> found = Agreement.onThreads(threads, operation);
      Agreement.requireSameBits("%d threads".formatted(threads), found, expected);
    }
  }

  /** Sizes around those where oneDNN changes its kernel, and where a sum is cut into parts. */
  @ParameterizedTest
  @CsvSource({
    "36,384,1152",
    "767,256,1100",
    "768,384,770",
    "1600,384,384",
    "1569,770,390",
    "3073,192,1540",
    "3136,64,768",
    "3072,769,576",
    "4,400,1000",
    "197,1024,300",
    "6,3100,768"
  })
  void linear(int n, int in, int out) {
    double[] x = floats(1, n, in);
    double[] w = floats(2, in, out);
    double[] dy = floats(3, n, out);
    sameBits(
        bench -> {
          Tensor input = bench.input(x, n, in);
          Tensor kernel = bench.kernel(w, in, out);
          Tensor bias = bench.input(floats(4, out), out);
          Tensor gradient = bench.input(dy, n, out);
          Tensor y = bench.output(n, out);
          Tensor sum = bench.output(n, out);
          Tensor dx = bench.output(n, in);
          Tensor dKernel = bench.outputKernel(in, out);
          Tensor dBias = bench.output(out);
          bench.engine.linear(input, kernel, bias, y);
          bench.engine.linearResidual(input, kernel, bias, gradient, sum);
          bench.engine.linearInputGradient(gradient, kernel, dx);
          bench.engine.linearParameterGradient(input, gradient, dKernel, dBias);
          return results(
              "y",
              bench.read(y),
              "y with residual",
              bench.read(sum),
              "dx",
              bench.read(dx),
              "dW",
              bench.readKernel(dKernel),
              "db",
              bench.read(dBias));
        });
  }

  @ParameterizedTest
  @CsvSource({"1600,384", "3137,96", "5000,768", "17,3000"})
  void layerNorm(int n, int d) {
    sameBits(
        bench -> {
          Tensor x = bench.input(floats(1, n, d), n, d);
          Tensor scale = bench.input(floats(2, d), d);
          Tensor shift = bench.input(floats(3, d), d);
          Tensor statistics = bench.output(2, n);
          Tensor y = bench.output(n, d);
          Tensor dy = bench.tensor(floats(4, n, d), n, d);
          Tensor dx = bench.tensor(floats(5, n, d), n, d);
          Tensor dScale = bench.output(d);
          Tensor dShift = bench.output(d);
          bench.engine.layerNorm(x, scale, shift, statistics, y);
          bench.engine.layerNormGradient(x, statistics, scale, dy, dx, dScale, dShift);
          return results(
              "statistics",
              bench.read(statistics),
              "y",
              bench.read(y),
              "dx",
              bench.read(dx),
              "dScale",
              bench.read(dScale),
              "dShift",
              bench.read(dShift));
        });
  }

  @ParameterizedTest
  @CsvSource({
    "32,50,3,32,0",
    "4,257,6,64,0",
    "1,392,2,64,0",
    "3,700,2,16,0",
    "1,1569,3,64,0",
    "32,50,3,32,0.2",
    "1,700,3,16,0.2"
  })
  void attention(int b, int n, int heads, int width, double rate) {
    int d = heads * width;
    double[] values = floats(1, b, n, 3L * d);
    double[] above = floats(2, b, n, d);
    HeadRange all = HeadRange.all(heads);
    Optional<DropoutMask> mask =
        rate == 0 ? Optional.empty() : Optional.of(new DropoutMask(rate, new long[b], 1));
    sameBits(
        bench -> {
          Tensor packed = bench.input(values, b, n, 3L * d);
          Tensor dOut = bench.input(above, b, n, d);
          Tensor stash = bench.output(bench.engine.attentionStash(packed.shape(), all));
          Tensor out = bench.output(b, n, d);
          Tensor dPacked = bench.output(b, n, 3L * d);
          bench.engine.attention(packed, all, mask, stash, out);
          bench.engine.attentionGradient(packed, all, mask, stash, out, dOut, dPacked);
          return results("out", bench.read(out), "dPacked", bench.read(dPacked));
        });
  }
}
