package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static vivit.model.GradientCheck.dot;
import static vivit.model.engine.Workbench.random;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.GradientCheck;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/** Every operation against plain loops, every gradient against central differences. */
class Nd4jEngineTest {

  private static final Offset<Double> EXACT = within(1e-12);

  private final Workbench bench = new Workbench(new Nd4jEngine(DataType.DOUBLE), DataType.DOUBLE);
  private final Engine engine = bench.engine;

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest
  @CsvSource({"5,3,7", "1,3,7", "5,1,7", "5,3,1", "1,1,1"})
  void linearMultipliesRowsAndAddsTheBias(int n, int in, int out) {
    double[] x = random(1, n, in);
    double[] w = random(2, in, out);
    double[] b = random(3, out);
    double[] r = random(4, n, out);
    assertThat(linear(x, w, b, n, in, out)).containsExactly(Naive.linear(x, w, b, in), EXACT);
    Tensor y = bench.output(n, out);
    engine.linearResidual(
        bench.tensor(x, n, in),
        bench.kernel(w, in, out),
        bench.tensor(b, out),
        bench.tensor(r, n, out),
        y);
    assertThat(bench.read(y)).containsExactly(Naive.add(r, Naive.linear(x, w, b, in)), EXACT);
  }

  @ParameterizedTest
  @CsvSource({"5,3,7", "1,3,7", "5,1,7", "5,3,1"})
  void linearGradients(int n, int in, int out) {
    double[] x = random(1, n, in);
    double[] w = random(2, in, out);
    double[] b = random(3, out);
    double[] dy = random(4, n, out);
    Tensor dx = bench.output(n, in);
    Tensor dw = bench.outputKernel(in, out);
    Tensor db = bench.output(out);
    engine.linearInputGradient(bench.tensor(dy, n, out), bench.kernel(w, in, out), dx);
    engine.linearParameterGradient(bench.tensor(x, n, in), bench.tensor(dy, n, out), dw, db);
    check("dx", v -> linear(v, w, b, n, in, out), x, dy, bench.read(dx));
    check("dW", v -> linear(x, v, b, n, in, out), w, dy, bench.readKernel(dw));
    check("db", v -> linear(x, w, v, n, in, out), b, dy, bench.read(db));
  }

  private double[] linear(double[] x, double[] w, double[] b, int n, int in, int out) {
    Tensor y = bench.output(n, out);
    engine.linear(bench.tensor(x, n, in), bench.kernel(w, in, out), bench.tensor(b, out), y);
    return bench.read(y);
  }

  @Test
  void geluIsTheTanhForm() {
    double[] x = Naive.add(random(1, 5, 7), random(2, 5, 7));
    x[3] = 0;
    x[4] = -30;
    x[5] = 30;
    assertThat(gelu(x)).containsExactly(Naive.gelu(x), EXACT);
    double[] dy = random(3, 5, 7);
    Tensor dx = bench.tensor(dy, 5, 7);
    engine.geluGradient(bench.tensor(x, 5, 7), dx, dx);
    check("dx", this::gelu, x, dy, bench.read(dx));
  }

  private double[] gelu(double[] x) {
    Tensor y = bench.output(5, 7);
    engine.gelu(bench.tensor(x, 5, 7), y);
    return bench.read(y);
  }

  @ParameterizedTest
  @CsvSource({"5,7", "1,7", "5,2"})
  void layerNormNormalisesEveryRow(int n, int d) {
    double[] x = random(1, n, d);
    double[] scale = random(2, d);
    double[] shift = random(3, d);
    assertThat(layerNorm(x, scale, shift, n, d))
        .containsExactly(Naive.layerNorm(x, scale, shift), EXACT);

    double[] dy = random(4, n, d);
    double[] residual = random(5, n, d);
    Tensor statistics = bench.output(2, n);
    Tensor input = bench.tensor(x, n, d);
    Tensor dx = bench.tensor(residual, n, d);
    Tensor dScale = bench.output(d);
    Tensor dShift = bench.output(d);
    engine.layerNorm(
        input, bench.tensor(scale, d), bench.tensor(shift, d), statistics, bench.output(n, d));
    engine.layerNormGradient(
        input, statistics, bench.tensor(scale, d), bench.tensor(dy, n, d), dx, dScale, dShift);
    double[] added = Naive.add(bench.read(dx), Naive.times(-1, residual));
    check("dx", v -> layerNorm(v, scale, shift, n, d), x, dy, added);
    check("dScale", v -> layerNorm(x, v, shift, n, d), scale, dy, bench.read(dScale));
    check("dBias", v -> layerNorm(x, scale, v, n, d), shift, dy, bench.read(dShift));
  }

  @Test
  void layerNormsEpsilonShowsOnSmallNumbers() {
    double[] x = Naive.times(1e-3, random(1, 5, 7));
    double[] one = Naive.ones(7);
    assertThat(layerNorm(x, one, new double[7], 5, 7))
        .containsExactly(Naive.layerNorm(x, one, new double[7]), EXACT);
  }

  private double[] layerNorm(double[] x, double[] scale, double[] shift, int n, int d) {
    Tensor y = bench.output(n, d);
    engine.layerNorm(
        bench.tensor(x, n, d),
        bench.tensor(scale, d),
        bench.tensor(shift, d),
        bench.output(2, n),
        y);
    return bench.read(y);
  }

  @ParameterizedTest
  @CsvSource({"3,5,2,7", "1,5,2,7", "3,1,2,7", "3,5,1,7", "3,5,2,1"})
  void attentionWeighsValues(int b, int n, int heads, int dh) {
    double[] packed = random(1, b, n, 3L * heads * dh);
    assertThat(attention(packed, b, n, heads, dh))
        .containsExactly(Naive.attention(packed, b, n, heads, dh), EXACT);

    double[] dOut = random(2, b, n, (long) heads * dh);
    Tensor input = bench.tensor(packed, b, n, 3L * heads * dh);
    Tensor probabilities = bench.output(b, heads, n, n);
    Tensor dPacked = bench.output(b, n, 3L * heads * dh);
    HeadRange all = HeadRange.all(heads);
    Tensor out = bench.output(b, n, (long) heads * dh);
    engine.attention(input, all, Optional.empty(), probabilities, out);
    engine.attentionGradient(
        input,
        all,
        Optional.empty(),
        probabilities,
        out,
        bench.tensor(dOut, b, n, (long) heads * dh),
        dPacked);
    check("dPacked", v -> attention(v, b, n, heads, dh), packed, dOut, bench.read(dPacked));
  }

  @Test
  void attentionSurvivesLargeScores() {
    double[] packed = Naive.times(60, random(1, 3, 5, 3 * 14));
    assertThat(attention(packed, 3, 5, 2, 7))
        .containsExactly(Naive.attention(packed, 3, 5, 2, 7), within(1e-10));
  }

  @Test
  void attentionWorksThroughStrides() {
    // tokens along the first of two axes: [5 tokens, 3 sequences], seen as [3, 5]
    double[] stored = random(1, 5, 3, 3 * 14);
    double[] dStored = random(2, 5, 3, 14);
    Tensor packed = swapped(bench.tensor(stored, 5, 3, 3 * 14), 3 * 14);
    Tensor out = bench.output(5, 3, 14);
    Tensor probabilities = bench.output(3, 2, 5, 5);
    HeadRange all = HeadRange.all(2);
    engine.attention(packed, all, Optional.empty(), probabilities, swapped(out, 14));
    double[] expected = Naive.attention(Naive.swapAxes(stored, 5, 3, 3 * 14), 3, 5, 2, 7);
    assertThat(Naive.swapAxes(bench.read(out), 5, 3, 14)).containsExactly(expected, EXACT);

    Tensor dPacked = bench.output(5, 3, 3 * 14);
    engine.attentionGradient(
        packed,
        all,
        Optional.empty(),
        probabilities,
        swapped(out, 14),
        swapped(bench.tensor(dStored, 5, 3, 14), 14),
        swapped(dPacked, 3 * 14));
    check(
        "dPacked",
        v -> attention(v, 3, 5, 2, 7),
        Naive.swapAxes(stored, 5, 3, 3 * 14),
        Naive.swapAxes(dStored, 5, 3, 14),
        Naive.swapAxes(bench.read(dPacked), 5, 3, 3 * 14));
  }

  private static Tensor swapped(Tensor tensor, long width) {
    return tensor.view(0, new long[] {3, 5, width}, new long[] {width, 3 * width, 1});
  }

  private double[] attention(double[] packed, int b, int n, int heads, int dh) {
    Tensor out = bench.output(b, n, (long) heads * dh);
    engine.attention(
        bench.tensor(packed, b, n, 3L * heads * dh),
        HeadRange.all(heads),
        Optional.empty(),
        bench.output(b, heads, n, n),
        out);
    return bench.read(out);
  }

  @Test
  void branchesAreKeptOrDroppedPerBlockOfRows() {
    double[] x = random(1, 2, 3, 5);
    double[] branch = random(2, 2, 3, 5);
    double[] keep = {0, 1};
    double[] masked = branch.clone();
    Arrays.fill(masked, 0, 15, 0);
    Tensor y = bench.tensor(branch, 2, 3, 5);
    engine.addBranch(bench.tensor(x, 2, 3, 5), y, bench.tensor(keep, 2), y);
    assertThat(bench.read(y)).containsExactly(Naive.add(x, masked), EXACT);
    engine.maskBranch(bench.tensor(branch, 2, 3, 5), bench.tensor(keep, 2), y);
    assertThat(bench.read(y)).containsExactly(masked, EXACT);
  }

  @Test
  void tokensArePrependedAndPositionsAdded() {
    double[] tokens = random(1, 2, 3, 5);
    double[] token = random(2, 5);
    double[] positions = random(3, 4, 5);
    Tensor y = bench.output(2, 4, 5);
    engine.prependToken(
        bench.tensor(tokens, 2, 3, 5), bench.tensor(token, 5), bench.tensor(positions, 4, 5), y);
    double[] found = bench.read(y);
    for (int b = 0; b < 2; b++) {
      for (int n = 0; n < 4; n++) {
        for (int d = 0; d < 5; d++) {
          double value = n == 0 ? token[d] : tokens[(b * 3 + n - 1) * 5 + d];
          assertThat(found[(b * 4 + n) * 5 + d]).isEqualTo(value + positions[n * 5 + d], EXACT);
        }
      }
    }
    Tensor rest = bench.output(2, 3, 5);
    engine.dropFirstToken(bench.tensor(found, 2, 4, 5), rest);
    assertThat(bench.read(rest)[4]).isEqualTo(found[9]);
    assertThat(bench.read(rest)[15]).isEqualTo(found[25]);

    Tensor sum = bench.output(4, 5);
    engine.addPositionsGradient(bench.tensor(found, 2, 4, 5), sum);
    for (int i = 0; i < 20; i++) {
      assertThat(bench.read(sum)[i]).isEqualTo(found[i] + found[20 + i], EXACT);
    }
    Tensor moved = bench.output(2, 3, 5);
    engine.addPositions(bench.tensor(tokens, 2, 3, 5), bench.tensor(random(4, 3, 5), 3, 5), moved);
    assertThat(bench.read(moved)[17]).isEqualTo(tokens[17] + random(4, 3, 5)[2], EXACT);
  }

  @Test
  void readOutsAndTheirGradients() {
    double[] x = random(1, 2, 3, 5);
    double[] dy = random(2, 2, 5);
    Tensor dx = bench.output(2, 3, 5);
    engine.firstTokenGradient(bench.tensor(dy, 2, 5), dx);
    check("first", this::first, x, dy, bench.read(dx));
    engine.sumTokensGradient(bench.tensor(dy, 2, 5), 0.7, dx);
    check("sum", this::sum, x, dy, bench.read(dx));
    Tensor largest = bench.tensor(max(x), 2, 5);
    engine.maxTokensGradient(bench.tensor(x, 2, 3, 5), largest, bench.tensor(dy, 2, 5), dx);
    check("max", this::max, x, dy, bench.read(dx));
    assertThat(first(x)[7]).isEqualTo(x[17]);
    assertThat(sum(x)[7]).isEqualTo(0.7 * (x[17] + x[22] + x[27]), EXACT);
    assertThat(max(x)[7]).isEqualTo(Math.max(x[17], Math.max(x[22], x[27])), EXACT);
  }

  @Test
  void tokensWithTheSameLargestValueShareItsGradient() {
    double[] x = {1, 7, 3, 7, 3, 0};
    Tensor dx = bench.output(1, 3, 2);
    engine.maxTokensGradient(
        bench.tensor(x, 1, 3, 2),
        bench.tensor(new double[] {3, 7}, 1, 2),
        bench.tensor(new double[] {4, 6}, 1, 2),
        dx);
    assertThat(bench.read(dx)).containsExactly(0, 3, 2, 3, 2, 0);
  }

  private double[] first(double[] x) {
    Tensor y = bench.output(2, 5);
    engine.firstToken(bench.tensor(x, 2, 3, 5), y);
    return bench.read(y);
  }

  private double[] sum(double[] x) {
    Tensor y = bench.output(2, 5);
    engine.sumTokens(bench.tensor(x, 2, 3, 5), 0.7, y);
    return bench.read(y);
  }

  private double[] max(double[] x) {
    Tensor y = bench.output(2, 5);
    engine.maxTokens(bench.tensor(x, 2, 3, 5), y);
    return bench.read(y);
  }

  @Test
  void attentionOfSomeHeadsLeavesTheOthersAlone() {
    double[] packed = random(1, 3, 5, 3 * 4 * 2);
    Tensor input = bench.tensor(packed, 3, 5, 3 * 4 * 2);
    Tensor out = bench.output(3, 5, 4 * 2);
    engine.fill(out, 9);
    Tensor probabilities = bench.output(3, 2, 5, 5);
    HeadRange some = new HeadRange(4, 1, 2);
    engine.attention(input, some, Optional.empty(), probabilities, out);
    double[] expected = Naive.attention(packed, 3, 5, 4, 2);
    for (int i = 0; i < expected.length; i++) {
      int head = i % 8 / 2;
      expected[i] = head == 1 || head == 2 ? expected[i] : 9;
    }
    assertThat(bench.read(out)).containsExactly(expected, EXACT);
  }

  @Test
  void dropoutScalesWhatItKeepsAndIsTheSameAgain() {
    double[] x = random(1, 6, 5000);
    DropoutMask mask = new DropoutMask(0.3, new long[] {7, 8, 9}, 2);
    Tensor y = bench.tensor(x, 6, 5000);
    engine.dropout(y, mask, y);
    double[] kept = bench.read(y);
    long zeros = 0;
    for (int i = 0; i < x.length; i++) {
      zeros += kept[i] == 0 ? 1 : 0;
      assertThat(kept[i] == 0 || Math.abs(kept[i] - x[i] / 0.7) < 1e-12).isTrue();
      // blocks 0 and 1 belong to one clip
      assertThat(kept[i] == 0).isEqualTo(kept[i / 10_000 * 10_000 + i % 5000] == 0);
    }
    assertThat(zeros / (double) x.length).isEqualTo(0.3, within(0.01));
    Tensor again = bench.tensor(x, 6, 5000);
    engine.dropout(again, mask, again);
    assertThat(bench.read(again)).containsExactly(kept);
  }

  @Test
  void attentionWithDropoutHasTheGradientOfItsMask() {
    double[] packed = random(1, 3, 5, 3 * 14);
    double[] dOut = random(2, 3, 5, 14);
    Optional<DropoutMask> mask = Optional.of(new DropoutMask(0.4, new long[] {1, 2, 3}, 1));
    Tensor probabilities = bench.output(3, 2, 5, 5);
    Tensor dPacked = bench.output(3, 5, 3 * 14);
    HeadRange all = HeadRange.all(2);
    Tensor input = bench.tensor(packed, 3, 5, 3 * 14);
    Tensor attended = bench.output(3, 5, 14);
    engine.attention(input, all, mask, probabilities, attended);
    engine.attentionGradient(
        input, all, mask, probabilities, attended, bench.tensor(dOut, 3, 5, 14), dPacked);
    check(
        "dPacked",
        v -> {
          Tensor out = bench.output(3, 5, 14);
          engine.attention(bench.tensor(v, 3, 5, 3 * 14), all, mask, bench.output(3, 2, 5, 5), out);
          return bench.read(out);
        },
        packed,
        dOut,
        bench.read(dPacked));
  }

  @Test
  void tanhAndItsGradient() {
    double[] x = random(1, 3, 5);
    double[] dy = random(2, 3, 5);
    assertThat(tanh(x)).containsExactly(Arrays.stream(x).map(Math::tanh).toArray(), EXACT);
    Tensor dx = bench.tensor(dy, 3, 5);
    engine.tanhGradient(bench.tensor(tanh(x), 3, 5), dx, dx);
    check("tanh", this::tanh, x, dy, bench.read(dx));
  }

  private double[] tanh(double[] x) {
    Tensor y = bench.output(3, 5);
    engine.tanh(bench.tensor(x, 3, 5), y);
    return bench.read(y);
  }

  @Test
  void refusesWhatItCannotHold() {
    assertThatThrownBy(() -> new Nd4jEngine(DataType.INT32))
        .hasMessage("The ND4J engine computes in FLOAT or DOUBLE, not in INT");
    assertThatThrownBy(() -> engine.adopt(Nd4j.create(DataType.FLOAT, 3)))
        .hasMessageContaining("Array of type FLOAT in an engine of type DOUBLE");
    Tensor whole = engine.allocate(6);
    Tensor view = whole.rowMajor(0, 2, 3);
    assertThatThrownBy(() -> engine.release(view)).hasMessageContaining("is a view");
  }

  @Test
  void theArenaReusesItsMemoryAndGrowsOnDemand() {
    Arena arena = new Arena(engine);
    Tensor first = arena.take(4, 5);
    engine.fill(first, 3);
    arena.rewind();
    assertThat(bench.read(arena.take(2, 5))).containsOnly(3);
    arena.rewind();
    assertThat(arena.take(6, 5).shape()).containsExactly(6, 5);
  }

  private static void check(
      String what,
      UnaryOperator<double[]> operation,
      double[] at,
      double[] cotangent,
      double[] gradient) {
    int stride = at.length > 100 ? 7 : 1;
    GradientCheck.check(what, v -> dot(operation.apply(v), cotangent), at, gradient, stride);
  }
}
