package vivit.model.regularise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RegulariseTest {

  private static final String SPATIAL = "SpatialTransformer";

  @Test
  void dropPathRisesFromZeroToTheRate() {
    int clips = 20_000;
    DropPath masks = DropPath.draw(0.3, clips, 5);
    for (int layer = 0; layer < 4; layer++) {
      double expected = layer / 3.0 * 0.3;
      for (int branch = 0; branch < 3; branch++) {
        assertThat(share(masks, SPATIAL, layer, branch)).isEqualTo(expected, within(0.01));
      }
    }
    assertThat(share(masks, SPATIAL, 0, 1)).isZero();
    assertThat(DropPath.none(3).factor(SPATIAL, 3, 4, 1, 2)).isOne();
    assertThat(new DropPath(0.9, new long[] {1}).factor(SPATIAL, 0, 1, 1, 0)).isOne();
  }

  /** What is left of a branch makes up for what is dropped. */
  @Test
  void timmsBranchesAreOneOnAverage() {
    long[] seeds = LongStream.range(0, 20_000).toArray();
    DropPath masks = new DropPath(0.3, DropPath.Rule.TIMM, seeds);
    for (int layer = 0; layer < 4; layer++) {
      double[] factors = new double[seeds.length];
      for (int clip = 0; clip < seeds.length; clip++) {
        factors[clip] = masks.factor(SPATIAL, layer, 4, 1, clip);
      }
      assertThat(Arrays.stream(factors).average().orElseThrow()).isEqualTo(1, within(0.015));
      assertThat(Arrays.stream(factors).max().orElseThrow()).isEqualTo(1 / (1 - 0.1 * layer));
    }
    assertThat(share(masks, SPATIAL, 2, 0)).isEqualTo(0.2, within(0.01));
  }

  private static double share(DropPath masks, String encoder, int layer, int branch) {
    return LongStream.range(0, masks.clips())
            .filter(clip -> masks.factor(encoder, layer, 4, branch, (int) clip) == 0)
            .count()
        / (double) masks.clips();
  }

  @Test
  void drawsOfBranchesLayersAndEncodersAreIndependent() {
    DropPath masks = DropPath.draw(0.5, 20_000, 5);
    assertThat(both(masks, SPATIAL, 0, SPATIAL, 1)).isEqualTo(0.25, within(0.01));
    assertThat(both(masks, SPATIAL, 1, "TemporalTransformer", 1)).isEqualTo(0.25, within(0.01));
  }

  private static double both(DropPath masks, String a, int x, String b, int y) {
    return LongStream.range(0, masks.clips())
            .filter(c -> masks.factor(a, 1, 2, x, (int) c) + masks.factor(b, 1, 2, y, (int) c) == 0)
            .count()
        / (double) masks.clips();
  }

  @Test
  void aClipKeepsItsMasksWhereverItStands() {
    DropPath together = new DropPath(0.5, new long[] {11, 12, 13});
    DropPath alone = new DropPath(0.5, new long[] {13});
    for (int layer = 0; layer < 12; layer++) {
      assertThat(together.factor(SPATIAL, layer, 12, 1, 2))
          .isEqualTo(alone.factor(SPATIAL, layer, 12, 1, 0));
    }
    assertThatThrownBy(() -> new DropPath(1, new long[] {1}))
        .hasMessage("Drop-path rate 1.0 is not in [0, 1)");
  }

  @Test
  void mixupMixesMirrorRows() {
    INDArray x = Nd4j.createFromArray(new double[][] {{1, 10}, {2, 20}, {4, 40}});
    Mixup.mix(x, 0.75);
    assertThat(x.toDoubleMatrix())
        .isDeepEqualTo(new double[][] {{1.75, 17.5}, {2, 20}, {3.25, 32.5}});
    INDArray one = Nd4j.create(1, 2);
    assertThatThrownBy(() -> Mixup.mix(one, 0.5))
        .hasMessage("Mixup needs at least 2 rows, found 1");
    assertThatThrownBy(() -> Mixup.mix(x, 1.5)).hasMessageContaining("1.5 is not in [0, 1]");
  }

  /** Beta(a, a) has mean 1/2 and variance 1 / (4 (2 a + 1)). */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 1, 2.5})
  void lambdaIsBetaDistributed(double alpha) {
    double[] draws = LongStream.range(0, 20_000).mapToDouble(s -> Mixup.lambda(alpha, s)).toArray();
    double mean = Arrays.stream(draws).average().orElseThrow();
    double variance = Arrays.stream(draws).map(v -> (v - 0.5) * (v - 0.5)).average().orElseThrow();
    assertThat(Arrays.stream(draws)).allMatch(v -> v >= 0 && v <= 1);
    assertThat(mean).isEqualTo(0.5, within(0.01));
    assertThat(variance).isEqualTo(1 / (4 * (2 * alpha + 1)), within(0.005));
    assertThat(Mixup.lambda(alpha, 3)).isEqualTo(draws[3]);
  }

  @Test
  void smoothingMovesMassToEveryClass() {
    INDArray labels = Nd4j.createFromArray(new double[][] {{0, 1, 0, 0, 0}});
    LabelSmoothing.smooth(labels, 0.2);
    assertThat(labels.toDoubleMatrix()[0])
        .containsExactly(new double[] {0.04, 0.84, 0.04, 0.04, 0.04}, within(1e-15));
    assertThatThrownBy(() -> LabelSmoothing.smooth(labels, 1))
        .hasMessage("Label smoothing 1.0 is not in [0, 1)");
  }

  @ParameterizedTest
  @CsvSource({"1,1,7", "3,1,5000", "2,3,100", "3,2,1"})
  void stretchesOfADropoutMaskAreThoseOfTheWhole(int clips, int repeat, int size) {
    long[] seeds = LongStream.range(40, 40 + clips).toArray();
    DropoutMask mask = new DropoutMask(0.4, seeds, repeat);
    int length = clips * repeat * size;
    double[] whole = mask.factors(length);
    for (int from = 0; from < length; from += 1 + length / 13) {
      for (int count : new int[] {0, 1, size, length - from}) {
        float[] stretch = new float[length + 2];
        Arrays.fill(stretch, 9);
        int some = Math.min(count, length - from);
        mask.factors(length, from, stretch, some);
        for (int i = 0; i < some; i++) {
          assertThat(stretch[i]).as("%d from %d", i, from).isEqualTo((float) whole[from + i]);
        }
        for (int i = some; i < stretch.length; i++) {
          assertThat(stretch[i]).as("beyond the stretch").isEqualTo(9);
        }
      }
    }
  }

  @Test
  void dropoutMasksRefuseWhatTheyCannotCut() {
    DropoutMask mask = new DropoutMask(0.4, new long[] {1, 2}, 3);
    String message = "20 numbers cannot be 6 blocks of a dropout mask";
    assertThatThrownBy(() -> mask.factors(20)).hasMessage(message);
    assertThatThrownBy(() -> mask.factors(20, 3, new float[5], 5)).hasMessage(message);
  }
}
