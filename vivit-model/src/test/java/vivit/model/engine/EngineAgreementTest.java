package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.model.engine.Agreement.results;
import static vivit.model.engine.Workbench.floats;
import static vivit.model.engine.Workbench.rounded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import vivit.model.regularise.DropoutMask;

/** Linear layers, layer norm and elementwise operations on both engines. */
class EngineAgreementTest {

  /** GELU's derivative where its tanh is almost 1: the distance from 1 is a few roundings. */
  private static final double SLOPE_ROUNDING = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "5,3,7",
    "1,3,7",
    "5,1,7",
    "5,3,1",
    "1,1,1",
    "197,64,192",
    "1700,17,5",
    "1,2500,1",
    "3,2500,4",
    "4,3,2500",
    "7,130,4100",
    "33,96,1700",
    "800,96,33",
    "3000,2,3",
    "400,540,540",
    "1000,200,600"
  })
  void linear(int n, int in, int out) {
    linear(n, in, out, 1);
  }

  @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
  void linearOfAnyShape(
      @ForAll @IntRange(min = 1, max = 200) int n,
      @ForAll @IntRange(min = 1, max = 200) int in,
      @ForAll @IntRange(min = 1, max = 200) int out,
      @ForAll int seed) {
    linear(n, in, out, seed);
  }

  private static void linear(int n, int in, int out, int seed) {
    Agreement.check(
        Math.sqrt(Math.max(n, Math.max(in, out))),
        bench -> {
          Tensor x = bench.input(floats(seed, n, in), n, in);
          Tensor kernel = bench.kernel(floats(seed + 1, in, out), in, out);
          Tensor bias = bench.input(floats(seed + 2, out), out);
          Tensor residual = bench.input(floats(seed + 3, n, out), n, out);
          Tensor dy = bench.input(floats(seed + 4, n, out), n, out);
          Tensor y = bench.output(n, out);
          Tensor sum = bench.output(n, out);
          Tensor dx = bench.output(n, in);
          Tensor dKernel = bench.outputKernel(in, out);
          Tensor dBias = bench.output(out);
          bench.engine.linear(x, kernel, bias, y);
          bench.engine.linearResidual(x, kernel, bias, residual, sum);
          bench.engine.linearInputGradient(dy, kernel, dx);
          bench.engine.linearParameterGradient(x, dy, dKernel, dBias);
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
  @ValueSource(ints = {1, 2, 35, 2047, 2048, 2049, 4097, 100_001})
  void functionsOfEveryNumber(int count) {
    double[] x = rounded(Naive.times(3, floats(1, count)));
    functionsOfEveryNumber(x);
    functionsOfEveryNumber(Naive.times(0x1p-20, x));
    functionsOfEveryNumber(new double[count]);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {4, 5.25, 5.5, 5.75, 6, 8.75, 9, 9.25, 10, 12, 16, 20, 30, 50, 100, 1000, 1e6})
  void functionsOfLargeNumbers(double x) {
    double[] both = new double[40];
    for (int i = 0; i < 20; i++) {
      both[2 * i] = (float) (x * (1 + i / 100.0));
      both[2 * i + 1] = -both[2 * i];
    }
    Agreement.check(
        1,
        SLOPE_ROUNDING,
        bench -> {
          Tensor tanh = bench.output(40);
          Tensor slopes = bench.output(40);
          Tensor gelu = bench.output(40);
          Tensor ones = bench.input(Naive.ones(40), 40);
          Tensor input = bench.input(both, 40);
          bench.engine.tanh(input, tanh);
          bench.engine.gelu(input, gelu);
          bench.engine.geluGradient(input, ones, slopes);
          return results(
              "tanh",
              bench.read(tanh),
              "gelu",
              bench.read(gelu),
              "slope of gelu",
              bench.read(slopes));
        });
  }

  private static void functionsOfEveryNumber(double[] x) {
    int n = x.length;
    double size = Math.min(1, Arrays.stream(x).map(Math::abs).max().orElse(0));
    Agreement.check(
        size,
        bench -> {
          double[] dy = floats(2, n);
          Tensor input = bench.input(x, n);
          Tensor gelu = bench.output(n);
          Tensor tanh = bench.output(n);
          Tensor tanhInPlace = bench.tensor(x, n);
          Tensor dTanh = bench.output(n);
          Tensor dTanhInPlace = bench.tensor(dy, n);
          Tensor sum = bench.tensor(dy, n);
          Tensor copy = bench.output(n);
          Tensor filled = bench.output(n);
          Tensor above = bench.input(dy, n);
          bench.engine.gelu(input, gelu);
          bench.engine.tanh(input, tanh);
          bench.engine.tanh(tanhInPlace, tanhInPlace);
          Tensor values = bench.input(bench.read(tanh), n);
          bench.engine.tanhGradient(values, above, dTanh);
          bench.engine.tanhGradient(values, dTanhInPlace, dTanhInPlace);
          bench.engine.add(input, sum);
          bench.engine.copy(input, copy);
          bench.engine.fill(filled, 0.1);
          return results(
              "gelu",
              bench.read(gelu),
              "tanh",
              bench.read(tanh),
              "tanh in place",
              bench.read(tanhInPlace),
              "dTanh",
              bench.read(dTanh),
              "dTanh in place",
              bench.read(dTanhInPlace),
              "sum",
              bench.read(sum),
              "copy",
              bench.read(copy),
              "filled",
              bench.read(filled),
              "squares",
              new double[] {bench.engine.sumOfSquares(input)});
        });
    Agreement.check(
        1,
        SLOPE_ROUNDING,
        bench -> {
          Tensor input = bench.input(x, n);
          Tensor dx = bench.output(n);
          Tensor inPlace = bench.tensor(floats(2, n), n);
          bench.engine.geluGradient(input, bench.input(floats(2, n), n), dx);
          bench.engine.geluGradient(input, inPlace, inPlace);
          return results("dx", bench.read(dx), "dx in place", bench.read(inPlace));
        });
  }

  @ParameterizedTest
  @CsvSource({"5,7", "1,7", "5,2", "3,2500", "2,2048", "300,48", "1000,96", "129,768", "16,4100"})
  void layerNorm(int n, int d) {
    layerNorm(n, d, floats(1, n, d), Math.sqrt(n), Agreement.ROUNDING);
  }

  /** ND4J does not reduce an axis of size 1. */
  @Test
  void layerNormOfSingleNumbersIsTheShift() {
    try (Workbench bench = new Workbench(new OneDnnEngine(2), DataType.FLOAT)) {
      Tensor x = bench.input(floats(1, 5), 5, 1);
      Tensor scale = bench.input(floats(2, 1), 1);
      Tensor shift = bench.input(floats(3, 1), 1);
      Tensor statistics = bench.output(2, 5);
      Tensor y = bench.output(5, 1);
      Tensor dx = bench.tensor(floats(5, 5), 5, 1);
      Tensor dScale = bench.output(1);
      Tensor dShift = bench.output(1);
      bench.engine.layerNorm(x, scale, shift, statistics, y);
      assertThat(bench.read(y)).containsOnly(floats(3, 1)[0]);
      Tensor dy = bench.tensor(rounded(1, 2, 3, 4, 5), 5, 1);
      bench.engine.layerNormGradient(x, statistics, scale, dy, dx, dScale, dShift);
      assertThat(bench.read(dx)).containsExactly(floats(5, 5));
      assertThat(bench.read(dScale)).containsExactly(0);
      assertThat(bench.read(dShift)).containsExactly(15);
      bench.requireNothingElseWritten();
    }
  }

  /** Of fewer than a dozen random values, some rows come out nearly constant. */
  @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
  void layerNormOfAnyShape(
      @ForAll @IntRange(min = 1, max = 600) int n,
      @ForAll @IntRange(min = 12, max = 300) int d,
      @ForAll int seed) {
    layerNorm(n, d, floats(seed, n, d), Math.sqrt(n), 2 * Agreement.ROUNDING);
  }

  /** At such rows a gradient is up to 1000 times larger than the incoming one. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 3.25, -1e6, 1e-30})
  void layerNormOfConstantRows(double value) {
    double[] x = floats(1, 9, 24);
    Arrays.fill(x, 24, 5 * 24, (float) value);
    layerNorm(9, 24, x, 1000, 1e-5);
  }

  /** The float32 nearest to 1000.001 is half a permille of this deviation away from it. */
  @ParameterizedTest
  @CsvSource({"1000,0.1", "-30,1e-3", "1,1e-4", "0,1e-4", "0,1e8"})
  void layerNormFarFromZero(double mean, double deviation) {
    double[] x = floats(1, 9, 240);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (mean + deviation * x[i]);
    }
    double size = 1 / Math.sqrt(deviation * deviation + 1e-6);
    layerNorm(9, 240, x, size, Math.max(1e-5, 1e-7 * Math.abs(mean) / deviation));
  }

  private static void layerNorm(int n, int d, double[] x, double size, double rounding) {
    Agreement.check(
        size,
        rounding,
        bench -> {
          Tensor input = bench.input(x, n, d);
          Tensor scale = bench.input(floats(2, d), d);
          Tensor shift = bench.input(floats(3, d), d);
          Tensor statistics = bench.output(2, n);
          Tensor y = bench.output(n, d);
          bench.engine.layerNorm(input, scale, shift, statistics, y);
          assertThat(bench.read(statistics)).as("statistics").doesNotContain(Double.NaN);
          Tensor dy = bench.tensor(floats(4, n, d), n, d);
          Tensor dx = bench.tensor(floats(5, n, d), n, d);
          Tensor dScale = bench.output(d);
          Tensor dShift = bench.output(d);
          bench.engine.layerNormGradient(input, statistics, scale, dy, dx, dScale, dShift);
          return results(
              "y",
              bench.read(y),
              "dx",
              bench.read(dx),
              "dScale",
              bench.read(dScale),
              "dBias",
              bench.read(dShift));
        });
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,1", "1,2049", "4,35", "2,50000", "40,700"})
  void branchesAndMasks(int blocks, int size) {
    int n = blocks * size;
    double[] keep = new double[blocks];
    Arrays.setAll(keep, block -> block % 3 == 1 ? 0 : 1);
    DropoutMask mask = new DropoutMask(0.3, new long[blocks], 1);
    Agreement.check(
        1,
        bench -> {
          Tensor x = bench.input(floats(1, n), blocks, size);
          Tensor branch = bench.input(floats(2, n), blocks, size);
          Tensor keeps = bench.input(keep, blocks);
          Tensor sum = bench.output(blocks, size);
          Tensor sumInPlace = bench.tensor(floats(2, n), blocks, size);
          Tensor masked = bench.output(blocks, size);
          Tensor dropped = bench.output(blocks, size);
          Tensor droppedInPlace = bench.tensor(floats(1, n), blocks, size);
          bench.engine.addBranch(x, branch, keeps, sum);
          bench.engine.addBranch(x, sumInPlace, keeps, sumInPlace);
          bench.engine.maskBranch(x, keeps, masked);
          bench.engine.dropout(x, mask, dropped);
          bench.engine.dropout(droppedInPlace, mask, droppedInPlace);
          return results(
              "sum",
              bench.read(sum),
              "sum in place",
              bench.read(sumInPlace),
              "masked",
              bench.read(masked),
              "dropped",
              bench.read(dropped),
              "dropped in place",
              bench.read(droppedInPlace));
        });
  }

  @ParameterizedTest
  @CsvSource({"6,5000,3,2", "12,1,4,3", "2,2048,1,2", "5,333,5,1", "40,7,2,20"})
  void dropoutOfClipsThatShareMasks(int blocks, int size, int clips, int repeat) {
    long[] seeds = new long[clips];
    Arrays.setAll(seeds, clip -> 100 + clip);
    DropoutMask mask = new DropoutMask(0.5, seeds, repeat);
    Agreement.check(
        1,
        bench -> {
          Tensor y = bench.output(blocks, size);
          bench.engine.dropout(bench.input(floats(1, blocks, size), blocks, size), mask, y);
          return results("y", bench.read(y));
        });
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2049,1", "100000,7"})
  void descent(int n, int offset) {
    for (UpdateRule rule :
        List.of(
            new UpdateRule.Sgd(0.9),
            new UpdateRule.AdamW(0.9, 0.99, 1e-3),
            new UpdateRule.Lion(0.9, 0.99))) {
      Agreement.check(
          1,
          bench -> {
            Tensor all = bench.tensor(floats(1, n + 2L * offset), n + 2L * offset);
            Tensor parameters = all.rowMajor(offset, n);
            List<Tensor> states = new ArrayList<>();
            for (String ignored : rule.states()) {
              states.add(bench.tensor(new double[n], n));
            }
            for (int step = 0; step < 3; step++) {
              Tensor gradient = bench.tensor(floats(3 + step, n), n);
              bench.engine.descend(
                  gradient,
                  states,
                  parameters,
                  new Engine.Descent(rule, step + 1, 3, 0.7, 0.1, 0.5, 0.99));
            }
            return results(
                "parameters",
                bench.read(all),
                "last state",
                bench.read(states.get(states.size() - 1)));
          });
    }
  }
}
