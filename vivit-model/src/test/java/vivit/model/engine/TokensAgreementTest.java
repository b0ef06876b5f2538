package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.model.engine.Agreement.results;
import static vivit.model.engine.Workbench.floats;

import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Positions, read-outs and copies on both engines. */
class TokensAgreementTest {

  @ParameterizedTest
  @CsvSource({"1,1,1", "2,3,5", "3,1,7", "2,4,2500", "1,2,2048", "9,50,64", "40,30,48", "1,700,96"})
  void positionsAndReadouts(int b, int n, int d) {
    positionsAndReadouts(b, n, d, 1);
  }

  @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
  void positionsAndReadoutsOfAnyShape(
      @ForAll @IntRange(min = 1, max = 12) int b,
      @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 90) int d,
      @ForAll int seed) {
    positionsAndReadouts(b, n, d, seed);
  }

  private static void positionsAndReadouts(int b, int n, int d, int seed) {
    Agreement.check(
        Math.sqrt(Math.max(n, b)),
        bench -> {
          Engine engine = bench.engine;
          Tensor x = bench.input(floats(seed, b, n, d), b, n, d);
          Tensor longer = bench.input(floats(seed + 1, b, n + 1L, d), b, n + 1L, d);
          Tensor token = bench.input(floats(seed + 2, d), d);
          Tensor positions = bench.input(floats(seed + 3, n, d), n, d);
          Tensor morePositions = bench.input(floats(seed + 4, n + 1L, d), n + 1L, d);
          Tensor dy = bench.input(floats(seed + 5, b, d), b, d);
          Tensor placed = bench.output(b, n, d);
          Tensor prepended = bench.output(b, n + 1L, d);
          Tensor dPositions = bench.output(n, d);
          Tensor dropped = bench.output(b, n, d);
          Tensor first = bench.output(b, d);
          Tensor dFirst = bench.output(b, n, d);
          Tensor mean = bench.output(b, d);
          Tensor dMean = bench.output(b, n, d);
          engine.addPositions(x, positions, placed);
          engine.prependToken(x, token, morePositions, prepended);
          engine.addPositionsGradient(x, dPositions);
          engine.dropFirstToken(longer, dropped);
          engine.firstToken(x, first);
          engine.firstTokenGradient(dy, dFirst);
          engine.sumTokens(x, 1.0 / n, mean);
          engine.sumTokensGradient(dy, 1.0 / n, dMean);
          return results(
              "placed",
              bench.read(placed),
              "prepended",
              bench.read(prepended),
              "dPositions",
              bench.read(dPositions),
              "without first",
              bench.read(dropped),
              "first",
              bench.read(first),
              "dFirst",
              bench.read(dFirst),
              "mean",
              bench.read(mean),
              "dMean",
              bench.read(dMean));
        });
    largest(b, n, d, floats(seed, b, n, d));
    largest(b, n, d, Arrays.stream(floats(seed, b, n, d)).map(Math::rint).toArray());
  }

  /** Rounded numbers have many ties. */
  private static void largest(int b, int n, int d, double[] values) {
    Agreement.check(
        1,
        bench -> {
          Tensor x = bench.input(values, b, n, d);
          Tensor y = bench.output(b, d);
          bench.engine.maxTokens(x, y);
          Tensor dx = bench.output(b, n, d);
          Tensor largest = bench.input(bench.read(y), b, d);
          bench.engine.maxTokensGradient(x, largest, bench.input(floats(7, b, d), b, d), dx);
          return results("y", bench.read(y), "dx", bench.read(dx));
        });
  }

  @Test
  void copiesThroughAnyStrides() {
    Agreement.check(
        1,
        bench -> {
          Tensor stored = bench.input(floats(1, 5, 3, 2500), 5, 3, 2500);
          Tensor swapped = stored.view(0, new long[] {3, 5, 2500}, new long[] {2500, 7500, 1});
          Tensor part = stored.view(10, new long[] {3, 5, 7}, new long[] {2500, 7500, 1});
          Tensor turned = stored.view(3, new long[] {2500, 4}, new long[] {1, 2500});
          Tensor everyOther = stored.view(1, new long[] {1250}, new long[] {2});
          Tensor into = bench.output(5, 3, 9);
          bench.engine.copy(part, into.view(2, new long[] {3, 5, 7}, new long[] {9, 27, 1}));
          Tensor column = bench.output(3, 1250);
          bench.engine.copy(everyOther, column.view(1, new long[] {1250}, new long[] {3}));
          return results(
              "swapped",
              bench.read(swapped),
              "part",
              bench.read(part),
              "turned",
              bench.read(turned),
              "every other",
              bench.read(everyOther),
              "into a part",
              bench.read(into),
              "into a column",
              bench.read(column));
        });
  }

  @Test
  void aViewOfAViewKnowsItsPlace() {
    try (Workbench bench = new Workbench(new OneDnnEngine(), DataType.FLOAT)) {
      Tensor whole = bench.input(floats(1, 60), 60);
      Tensor inner = whole.rowMajor(7, 6, 8).rowMajor(9, 3, 4);
      double[] expected = Arrays.copyOfRange(floats(1, 60), 16, 28);
      assertThat(bench.read(inner)).containsExactly(expected);
    }
  }
}
