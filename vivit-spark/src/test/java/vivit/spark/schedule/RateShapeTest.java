package vivit.spark.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.config.Span;
import vivit.dataprep.config.Span.Unit;
import vivit.spark.schedule.Schedule.Stairs.Stair;

class RateShapeTest {

  /** The formula before there were shapes, operation for operation. */
  @Property
  void aCosineToZeroHasTheBitsItAlwaysHad(
      @ForAll @DoubleRange(min = 0.01, max = 10) double base,
      @ForAll @DoubleRange(min = 0, max = 40) double warmup,
      @ForAll @IntRange(min = 0, max = 99) int step) {
    double rise = warmup == 0 ? 1 : Math.min(1, step / warmup);
    double progress = Math.max(0, step - warmup) / (100 - Math.floor(warmup));
    double fall = 0.5 * (1 + Math.cos(Math.PI * (progress - Math.floor(progress))));

    assertThat(rates(base, warmup, new RateShape.Cosine(0)).at(step)).isEqualTo(base * rise * fall);
  }

  /** {@code cos x = 1 - 2 sin² (x / 2)}. */
  @Property
  void aCosineEndsAtItsShare(
      @ForAll @DoubleRange(min = 0, max = 1) double end,
      @ForAll @IntRange(min = 10, max = 99) int step) {
    double sine = Math.sin(Math.PI / 2 * (step - 10) / 90);

    assertThat(rates(2, 10, new RateShape.Cosine(end)).at(step))
        .isCloseTo(2 - 2 * (1 - end) * sine * sine, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0,    0,  0",
    "1, 0,    5,  1.5",
    "1, 0,    10, 3",
    "1, 0,    55, 1.5",
    "1, 0,    99, 0.03333333333333333",
    "1, 0.25, 10, 3",
    "1, 0.25, 55, 1.875",
    "2, 0,    55, 0.75",
    "2, 0.5,  55, 1.875",
    "0.5, 0,  87, 1.140175425099138", // 3 sqrt(13 / 90)
  })
  void aPolynomialFollowsTheTable(double power, double end, long step, double rate) {
    assertThat(rates(3, 10, new RateShape.Polynomial(power, end)).at(step))
        .isCloseTo(rate, within(1e-12));
  }

  @Test
  void aPolynomialWithAFractionalWarmupStaysBetweenItsEnds() {
    LearningRateSchedule rates = rates(3, 10.75, new RateShape.Polynomial(1.5, 0.1));

    for (long step = 11; step < 100; step++) {
      assertThat(rates.at(step)).isBetween(0.3, 3.0).isLessThan(rates.at(step - 1) + 3 / 10.75);
    }
    assertThat(rates.at(99)).isCloseTo(0.3 + 2.7 * Math.pow(1.75 / 90, 1.5), within(1e-12));
  }

  @Test
  void aConstantRateStaysAfterTheWarmup() {
    LearningRateSchedule rates = rates(0.5, 4, new RateShape.Flat());

    assertThat(List.of(rates.at(0), rates.at(1), rates.at(4), rates.at(50), rates.at(99)))
        .containsExactly(0.0, 0.125, 0.5, 0.5, 0.5);
    assertThat(rates(0.5, 0, new RateShape.Flat()).at(0)).isEqualTo(0.5);
  }

  /**
   * Computed with the recurrence of the two phases as they are documented: max_lr 0.8, total_steps
   * 100, pct_start 0.3, so that the first phase ends at step 29 and the second at step 99.
   */
  @ParameterizedTest
  @CsvSource({
    "0,  0.032",
    "29, 0.8",
    "99, 0.0000032",
    "64, 0.4000016", // the middle of the fall
  })
  void oneCycleHasItsEndsAndItsMiddle(long step, double rate) {
    assertThat(rates(0.8, 30, new RateShape.OneCycle()).at(step)).isCloseTo(rate, within(1e-15));
  }

  /** Weights of the two ends of a phase as squared sines and cosines of half the angle. */
  @Property
  void oneCycleIsTwoHalfCosines(
      @ForAll @IntRange(min = 2, max = 98) int warmup, @ForAll @IntRange(max = 99) int step) {
    boolean rises = step <= warmup - 1;
    double from = rises ? 1 / 25.0 : 1;
    double to = rises ? 1 : 1 / 250_000.0;
    double share = rises ? step / (warmup - 1.0) : (step - (warmup - 1.0)) / (99 - (warmup - 1.0));
    double angle = Math.PI / 2 * share;

    assertThat(rates(1, warmup, new RateShape.OneCycle()).at(step))
        .isCloseTo(
            from * Math.cos(angle) * Math.cos(angle) + to * Math.sin(angle) * Math.sin(angle),
            within(1e-12));
  }

  @Test
  void oneCycleOfAStepOfWarmupBeginsAtItsTop() {
    LearningRateSchedule rates = rates(1, 1, new RateShape.OneCycle());

    assertThat(rates.at(0)).isEqualTo(1);
    assertThat(rates.at(1)).isLessThan(1);
    assertThat(new LearningRateSchedule(1, 1, 2, 2, new RateShape.OneCycle()).at(1))
        .isCloseTo(4e-6, within(1e-18));
  }

  @Test
  void stepsDropWhereTheySay() {
    RateShape shape =
        new RateShape.Steps(
            List.of(
                new Stair(0.01, new Span(7.5, Unit.EPOCHS)),
                new Stair(0.1, new Span(50, Unit.STEPS))));
    LearningRateSchedule rates = rates(4, 8, shape);

    assertThat(rates.at(2)).isEqualTo(1);
    assertThat(rates.at(8)).isEqualTo(4);
    assertThat(rates.at(49)).isEqualTo(4);
    assertThat(rates.at(50)).isCloseTo(0.4, within(1e-15));
    assertThat(rates.at(74)).isCloseTo(0.4, within(1e-15));
    assertThat(rates.at(75)).isCloseTo(0.04, within(1e-15));
    assertThat(rates.at(99)).isCloseTo(0.04, within(1e-15));
  }

  /** A run of 100 steps in epochs of 10. */
  private static LearningRateSchedule rates(double base, double warmup, RateShape shape) {
    return new LearningRateSchedule(base, warmup, 100, 10, shape);
  }
}
