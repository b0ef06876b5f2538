package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.model.engine.Agreement.results;
import static vivit.model.engine.Workbench.floats;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import vivit.model.regularise.DropoutMask;
import vivit.model.shape.HeadRange;

/** Attention and its gradient on both engines: blocks of queries against whole matrices. */
class AttentionAgreementTest {

  private static final int FEW = 128;

  /** Sizes: sequences, tokens, heads, width of a head. */
  private record Sizes(int sequences, int tokens, int heads, int width) {
    long d() {
      return (long) heads * width;
    }

    double[] packed(int seed) {
      return floats(seed, sequences, tokens, 3 * d());
    }

    Tensor output(Workbench bench, int parts) {
      return bench.output(sequences, tokens, parts * d());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1,1",
    "3,5,2,7",
    "2,1,2,4",
    "3,5,1,1",
    "1,127,1,8",
    "1,128,1,8",
    "1,129,1,8",
    "2,129,2,3",
    "1,255,3,4",
    "1,256,1,5",
    "1,257,2,16",
    "1,300,1,16",
    "2,600,3,6",
    "2,300,2,5",
    "17,300,1,2",
    "1,600,1,3",
    "1,511,2,4",
    "2,512,1,9",
    "1,513,5,8",
    "1,3137,3,16",
    "5,17,3,8",
    "20,6,4,4",
    "1,2100,1,2",
    "2,40,2,130"
  })
  void allHeads(int sequences, int tokens, int heads, int width) {
    Sizes sizes = new Sizes(sequences, tokens, heads, width);
    check(sizes, HeadRange.all(heads), Optional.empty(), sizes.packed(1), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1,1",
    "3,5,2,7",
    "1,127,1,8",
    "1,128,1,8",
    "2,129,2,3",
    "1,300,1,16",
    "2,600,3,6",
    "4,300,2,5",
    "1,2100,1,2",
    "20,6,4,4"
  })
  void allHeadsWithDropout(int sequences, int tokens, int heads, int width) {
    Sizes sizes = new Sizes(sequences, tokens, heads, width);
    check(sizes, HeadRange.all(heads), mask(0.3, sequences, 1), sizes.packed(1), 1);
  }

  private static Optional<DropoutMask> mask(double rate, int clips, int repeat) {
    long[] seeds = new long[clips];
    Arrays.setAll(seeds, clip -> 7 + clip);
    return Optional.of(new DropoutMask(rate, seeds, repeat));
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void anySizes(
      @ForAll @IntRange(min = 1, max = 6) int sequences,
      @ForAll @IntRange(min = 1, max = 280) int tokens,
      @ForAll @IntRange(min = 1, max = 5) int heads,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @DoubleRange(min = 0, max = 1) double where,
      @ForAll boolean drop,
      @ForAll int seed) {
    Sizes sizes = new Sizes(sequences, tokens, heads, width);
    int first = (int) (where * 0.99 * heads);
    HeadRange range = new HeadRange(heads, first, 1 + (heads - first - 1) / 2);
    Optional<DropoutMask> mask = drop ? mask(0.2, 1, sequences) : Optional.empty();
    check(sizes, range, mask, othersUnreadable(sizes, range, sizes.packed(seed)), 1);
  }

  /** NaN in the columns of heads outside the range. */
  private static double[] othersUnreadable(Sizes sizes, HeadRange range, double[] packed) {
    for (int i = 0; i < packed.length; i++) {
      int head = (int) (i % sizes.d() / sizes.width());
      if (head < range.first() || head >= range.first() + range.count()) {
        packed[i] = Double.NaN;
      }
    }
    return packed;
  }

  @ParameterizedTest
  @CsvSource({"4,1,2,300,1", "4,0,1,20,3", "4,3,1,140,2", "5,1,3,128,1", "4,1,2,530,1"})
  void otherHeadsAreNeitherReadNorWritten(
      int heads, int first, int count, int tokens, int sequences) {
    Sizes sizes = new Sizes(sequences, tokens, heads, 6);
    HeadRange range = new HeadRange(heads, first, count);
    check(sizes, range, Optional.empty(), othersUnreadable(sizes, range, sizes.packed(1)), 1);
    double[] packed = othersUnreadable(sizes, range, sizes.packed(1));
    check(sizes, range, mask(0.3, sequences, 1), packed, 1);
  }

  /** Products of these integers and half of them are exact; exponents differ by thousands. */
  @ParameterizedTest
  @ValueSource(ints = {9, 150, 520})
  void largeScores(int tokens) {
    Sizes sizes = new Sizes(2, tokens, 2, 4);
    double[] packed = Arrays.stream(sizes.packed(1)).map(v -> 60 * Math.rint(2 * v)).toArray();
    check(sizes, HeadRange.all(2), Optional.empty(), packed, 3);
    check(sizes, HeadRange.all(2), mask(0.3, 2, 1), packed, 3);
  }

  /** The scores of the first keys are smaller than the others by some hundreds. */
  @ParameterizedTest
  @ValueSource(ints = {150, 700})
  void largeScoresFarBehind(int tokens) {
    Sizes sizes = new Sizes(1, tokens, 2, 4);
    double[] packed = sizes.packed(1);
    for (int token = tokens - 40; token < tokens; token++) {
      for (int i = 8; i < 16; i++) {
        packed[token * 24 + i] = 256 * Math.rint(2 * packed[token * 24 + i]);
      }
    }
    check(sizes, HeadRange.all(2), Optional.empty(), packed, 30);
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 150, 520})
  void tinyAndZeroInputs(int tokens) {
    Sizes sizes = new Sizes(2, tokens, 2, 4);
    double[] tiny = Naive.times(0x1p-80, sizes.packed(1));
    check(sizes, HeadRange.all(2), Optional.empty(), tiny, 0);
    check(sizes, HeadRange.all(2), Optional.empty(), new double[tiny.length], 0);
  }

  /**
   * Forward and backward. A gradient's terms nearly cancel where a query sees one key alone, so
   * results are compared relative to the largest, or at least 1.
   *
   * @param slack how many times the usual rounding is allowed, where inputs are large
   */
  private static void check(
      Sizes sizes, HeadRange range, Optional<DropoutMask> mask, double[] packed, double slack) {
    long d = sizes.d();
    Agreement.check(
        slack == 0 ? 0 : 1,
        Agreement.ROUNDING * Math.max(1, slack),
        bench -> {
          Tensor out = sizes.output(bench, 1);
          Tensor dPacked = sizes.output(bench, 3);
          Tensor input = bench.input(packed, sizes.sequences(), sizes.tokens(), 3 * d);
          Tensor dOut =
              bench.input(
                  floats(9, sizes.sequences(), sizes.tokens(), d),
                  sizes.sequences(),
                  sizes.tokens(),
                  d);
          attend(bench, input, range, mask, out, dOut, dPacked);
          return results("out", bench.read(out), "dPacked", bench.read(dPacked));
        });
  }

  private static void attend(
      Workbench bench,
      Tensor packed,
      HeadRange range,
      Optional<DropoutMask> mask,
      Tensor out,
      Tensor dOut,
      Tensor dPacked) {
    Engine engine = bench.engine;
    Tensor stash = bench.output(engine.attentionStash(packed.shape(), range));
    engine.attention(packed, range, mask, stash, out);
    engine.attentionGradient(packed, range, mask, stash, out, dOut, dPacked);
  }

  /** Model 4: some heads attend within a time index, the others at a fixed place. */
  @ParameterizedTest
  @CsvSource({
    "2,3,5,0",
    "1,4,140,0",
    "2,140,3,0",
    "2,3,5,0.3",
    "1,4,140,0.3",
    "1,1,6,0",
    "3,6,1,0"
  })
  void groupsOfTokens(int clips, int time, int space, double rate) {
    int heads = 4;
    int width = 5;
    int tokens = time * space;
    Agreement.check(
        1,
        bench -> {
          Tensor packed = bench.input(floats(1, clips, tokens, 60), clips, tokens, 60);
          Tensor out = bench.output(clips, tokens, 20);
          Tensor dOut = bench.input(floats(2, clips, tokens, 20), clips, tokens, 20);
          Tensor dPacked = bench.output(clips, tokens, 3L * heads * width);
          Optional<DropoutMask> mask = rate > 0 ? mask(rate, clips, 1) : Optional.empty();
          attend(
              bench,
              groups(packed, time, space, space, 1),
              new HeadRange(heads, 0, 2),
              mask,
              groups(out, time, space, space, 1),
              groups(dOut, time, space, space, 1),
              groups(dPacked, time, space, space, 1));
          attend(
              bench,
              groups(packed, space, time, 1, space),
              new HeadRange(heads, 2, 2),
              mask,
              groups(out, space, time, 1, space),
              groups(dOut, space, time, 1, space),
              groups(dPacked, space, time, 1, space));
          Map<String, double[]> results =
              results("out", bench.read(out), "dPacked", bench.read(dPacked));
          results.forEach((name, all) -> assertThat(all).as(name).doesNotContain(Double.NaN));
          return results;
        });
  }

  /** {@code [b, n, w]} as {@code [b, groups, tokens, w]}. */
  private static Tensor groups(
      Tensor tensor, int groups, int tokens, int groupStride, int tokenStride) {
    long[] shape = tensor.shape();
    long width = shape[2];
    return tensor.view(
        0,
        new long[] {shape[0], groups, tokens, width},
        new long[] {shape[1] * width, groupStride * width, tokenStride * width, 1});
  }

  /** Exactly the tokens that attend to a NaN become NaN. */
  @ParameterizedTest
  @CsvSource({"5,0", "5,1", "5,2", "200,0", "200,1", "200,2", "600,0", "600,1", "600,2"})
  void whatIsNotANumberStaysVisible(int tokens, int part) {
    Sizes sizes = new Sizes(2, tokens, 2, 4);
    double[] packed = sizes.packed(1);
    int spoilt = tokens / 2;
    packed[(tokens + spoilt) * 24 + part * 8 + 4] = Double.NaN; // sequence 1, head 1
    for (int threads = 1; threads < 4; threads++) {
      Map<String, double[]> found =
          Agreement.onThreads(
              threads,
              bench -> {
                Tensor out = sizes.output(bench, 1);
                Tensor dPacked = sizes.output(bench, 3);
                Tensor dOut = bench.input(floats(9, 2, tokens, 8), 2, tokens, 8);
                HeadRange all = HeadRange.all(2);
                Tensor input = bench.tensor(packed, 2, tokens, 24);
                attend(bench, input, all, Optional.empty(), out, dOut, dPacked);
                return results("out", bench.read(out), "dPacked", bench.read(dPacked));
              });
      double[] out = found.get("out");
      for (int i = 0; i < out.length; i++) {
        int token = i / 8 % tokens;
        boolean head = i >= tokens * 8 && i % 8 >= 4;
        boolean sees = part == 0 ? token == spoilt : part == 1 || i % 8 == 4;
        assertThat(Double.isNaN(out[i])).as("out[%d]", i).isEqualTo(head && sees);
      }
      assertThat(Arrays.stream(found.get("dPacked"), 0, tokens * 24)).doesNotContain(Double.NaN);
      assertThat(found.get("dPacked")).contains(Double.NaN);
    }
  }

  /** Equal parts on any thread: the order of sums is the same every time. */
  @ParameterizedTest
  @ValueSource(ints = {FEW, 3 * FEW})
  void repeatsAreEqualToTheBit(int tokens) {
    Sizes sizes = new Sizes(1, tokens, 2, 32);
    try (Workbench bench = new Workbench(new OneDnnEngine(3), DataType.FLOAT)) {
      Tensor packed = bench.input(sizes.packed(1), 1, tokens, 192);
      Tensor dOut = bench.input(floats(9, 1, tokens, 64), 1, tokens, 64);
      Tensor out = sizes.output(bench, 1);
      Tensor dPacked = sizes.output(bench, 3);
      attend(bench, packed, HeadRange.all(2), Optional.empty(), out, dOut, dPacked);
      double[] first = bench.read(dPacked);
      for (int run = 0; run < 20; run++) {
        attend(bench, packed, HeadRange.all(2), Optional.empty(), out, dOut, dPacked);
        assertThat(Arrays.equals(bench.read(dPacked), first)).as("equal results").isTrue();
      }
    }
  }

  @Test
  void keepsNoProbabilitiesOfLongSequences() {
    try (OneDnnEngine engine = new OneDnnEngine()) {
      long[] stash = engine.attentionStash(new long[] {1, 3137, 3 * 192}, HeadRange.all(3));
      assertThat(Arrays.stream(stash).reduce(1, (a, b) -> a * b)).isLessThanOrEqualTo(2 * 3 * 3137);
    }
  }
}
