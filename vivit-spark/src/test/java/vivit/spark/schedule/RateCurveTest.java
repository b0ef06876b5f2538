package vivit.spark.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateCurveTest {

  /** A logistic fall from 4 to 1 that is steepest at a known rate, then an explosion. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1e-2, 0.1})
  void suggestsTheRateOfTheSteepestFall(double steepest) {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      RateCurve curve =
          sweep(
              300,
              rate ->
                  4
                      - 3 / (1 + Math.pow(steepest / rate, 2))
                      + Math.pow(rate / (30 * steepest), 4)
                      + 0.05 * random.nextGaussian());

      assertThat(curve.hasDiverged()).isTrue();
      assertThat(curve.suggestion().orElseThrow())
          .as("seed %d", seed)
          .isBetween(steepest / 2, steepest * 2);
    }
  }

  @Test
  void smoothsAsTheSumOfWeightsSays() {
    RateCurve curve = new RateCurve(100); // keeps 0.7
    List<Double> losses = List.of(3.0, 2.0, 4.0, 1.0);
    losses.forEach(loss -> curve.add(0.1, loss));

    for (int i = 0; i < losses.size(); i++) {
      double sum = 0;
      double weights = 0;
      for (int j = 0; j <= i; j++) {
        sum += Math.pow(0.7, i - j) * losses.get(j);
        weights += Math.pow(0.7, i - j);
      }
      assertThat(curve.points().get(i).smoothed()).isCloseTo(sum / weights, within(1e-12));
    }
    assertThat(curve.best().orElseThrow().step()).isEqualTo(3);
  }

  @Test
  void endsAtFourTimesTheLowest() {
    RateCurve curve = new RateCurve(30); // smooths nothing
    curve.add(1, 2);
    curve.add(2, 1);
    curve.add(3, 4);
    assertThat(curve.hasEnded()).isFalse();
    curve.add(4, 4.1);
    assertThat(curve.hasEnded()).isTrue();
    assertThat(curve.hasDiverged()).isTrue();
  }

  @Test
  void endsAfterItsStepsAndWithWhatIsNotFinite() {
    RateCurve done = sweep(60, rate -> 1);
    assertThat(done.points()).hasSize(60);
    assertThat(done.hasEnded()).isTrue();
    assertThat(done.hasDiverged()).isFalse();

    RateCurve curve = new RateCurve(60);
    curve.add(1, 2);
    curve.add(2, Double.NaN);
    assertThat(curve.hasDiverged()).isTrue();
    assertThat(curve.points()).hasSize(1);
  }

  @Test
  void suggestsNothingIfTheLossDoesNotFall() {
    assertThat(new RateCurve(60).suggestion()).isEmpty();
    assertThat(sweep(60, rate -> 2).suggestion()).isEmpty();
    assertThat(sweep(60, rate -> 2 + rate).suggestion()).isEmpty();
  }

  @Test
  void theTableHasALineForEachStep() {
    RateCurve curve = new RateCurve(30);
    curve.add(0.25, 2);
    curve.add(0.5, 1.5);

    assertThat(curve.csv())
        .isEqualTo("step,learning_rate,loss,smoothed_loss\n0,0.25,2.0,2.0\n1,0.5,1.5,1.5\n");
  }

  /** From a millionth of 10 to 10, evenly in the logarithm. */
  private static RateCurve sweep(int steps, DoubleUnaryOperator loss) {
    LearningRateSchedule rates =
        new LearningRateSchedule(10, 0, steps, steps, new RateShape.Sweep(1e-6, steps));
    RateCurve curve = new RateCurve(steps);
    for (int step = 0; step < steps && !curve.hasEnded(); step++) {
      double rate = rates.at(step);
      assertThat(rate).isCloseTo(Math.pow(10, -5 + 6.0 * step / (steps - 1)), within(1e-9 * rate));
      curve.add(rate, loss.applyAsDouble(rate));
    }
    return curve;
  }
}
