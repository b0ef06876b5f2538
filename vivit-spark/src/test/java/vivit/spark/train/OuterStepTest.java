package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.spark.config.AveragingSettings.Outer;

class OuterStepTest {
  private static final int ROUNDS = 30;

  /** Nesterov is {@code torch.optim.SGD(nesterov=True)} 2.13 with the difference as gradient. */
  @Test
  void nesterovEqualsPyTorch() {
    float[] x = {0.5f, -1.25f, 2};
    float[] buffer = new float[3];
    OuterStep step = new OuterStep(Outer.NESTEROV, 0.9, 0.7, 0.01);
    for (int round = 0; round < 20; round++) {
      float[] difference = new float[3];
      for (int i = 0; i < 3; i++) {
        difference[i] = (float) (0.01 * Math.sin(round + 2 * i));
      }
      float[] next = new float[3];
      step.apply(x, difference, buffer, next, 3);
      x = next;
    }
    float[] expected = {0.4554746f, -1.2625434f, 2.0549653f};
    for (int i = 0; i < 3; i++) {
      assertThat(x[i]).isCloseTo(expected[i], within(1e-6f));
    }
  }

  /** SlowMo with the formula of the paper, in double, with a rate that changes. */
  @ParameterizedTest
  @CsvSource({"0.7, 1", "0.4, 0.5", "0, 1"})
  void slowmoEqualsThePaper(double beta, double alpha) {
    Random random = new Random(1);
    float[] x = {0.5f, -1.25f, 2, 0};
    double[] expected = {0.5, -1.25, 2, 0};
    float[] buffer = new float[4];
    double[] u = new double[4];
    for (int round = 0; round < ROUNDS; round++) {
      double inner = 0.1 / (1 + round);
      float[] difference = new float[4];
      float[] next = new float[4];
      for (int i = 0; i < 4; i++) {
        difference[i] = (float) (inner * random.nextGaussian());
        u[i] = beta * u[i] + 1 / inner * difference[i];
        expected[i] -= alpha * inner * u[i];
      }
      new OuterStep(Outer.SLOWMO, beta, alpha, inner).apply(x, difference, buffer, next, 4);
      x = next;
    }
    for (int i = 0; i < 4; i++) {
      assertThat((double) x[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  /** Without momentum and with a rate of 1, all rules are the average. */
  @ParameterizedTest
  @CsvSource({"AVERAGE", "SLOWMO", "NESTEROV"})
  void withoutMomentumAllAreTheAverage(Outer outer) {
    float[] start = {1, 2, 3};
    float[] difference = {0.5f, -0.25f, 0};
    float[] found = new float[3];
    new OuterStep(outer, 0, 1, 0.125).apply(start, difference, new float[3], found, 3);
    assertThat(found).containsExactly(0.5f, 2.25f, 3);
  }

  /** The first round of a warm-up has a rate of 0, and moves nothing. */
  @Test
  void aRateOfZeroIsNotDividedBy() {
    float[] found = new float[1];
    float[] buffer = {2};
    new OuterStep(Outer.SLOWMO, 0.5, 1, 0).apply(new float[] {1}, new float[1], buffer, found, 1);
    assertThat(found).containsExactly(1);
    assertThat(buffer).containsExactly(2);
  }
}
