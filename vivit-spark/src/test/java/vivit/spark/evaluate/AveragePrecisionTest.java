package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AveragePrecisionTest {
  @Test
  void knownValues() {
    assertThat(
            MultiLabelMetrics.averagePrecision(
                new double[] {0.1, 0.4, 0.35, 0.8}, bits(0, 0, 1, 1)))
        .isCloseTo(0.5 * 1 + 0.5 * 2 / 3, within(1e-15));
    assertThat(MultiLabelMetrics.averagePrecision(new double[] {3, 2, 1}, bits(1, 1, 0)))
        .isEqualTo(1);
    assertThat(MultiLabelMetrics.averagePrecision(new double[] {1, 1, 1, 1}, bits(0, 1, 0, 0)))
        .isEqualTo(0.25);
    assertThat(MultiLabelMetrics.averagePrecision(new double[] {-0.0, 0.0}, bits(1, 0)))
        .isEqualTo(0.5);
    assertThat(MultiLabelMetrics.averagePrecision(new double[] {3, 2, 1}, bits(0, 0, 0))).isNaN();
  }

  private static boolean[] bits(int... bits) {
    boolean[] positive = new boolean[bits.length];
    for (int i = 0; i < bits.length; i++) {
      positive[i] = bits[i] > 0;
    }
    return positive;
  }

  /** At every positive: how many of those scored at least as high are positive. */
  @Property(tries = 200)
  void isTheMeanPrecisionAtThePositives(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int videos) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] scores = random.ints(videos, 0, 6).asDoubleStream().toArray();
    boolean[] positive = new boolean[videos];
    positive[0] = true;
    for (int i = 1; i < videos; i++) {
      positive[i] = random.nextBoolean();
    }
    double sum = 0;
    int positives = 0;
    for (int i = 0; i < videos; i++) {
      int above = 0;
      int found = 0;
      for (int j = 0; j < videos; j++) {
        above += scores[j] >= scores[i] ? 1 : 0;
        found += scores[j] >= scores[i] && positive[j] ? 1 : 0;
      }
      if (positive[i]) {
        positives++;
        sum += (double) found / above;
      }
    }
    assertThat(MultiLabelMetrics.averagePrecision(scores, positive))
        .isCloseTo(sum / positives, within(1e-12));
  }
}
