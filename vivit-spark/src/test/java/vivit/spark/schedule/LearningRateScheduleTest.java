package vivit.spark.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateScheduleTest {

  /** Kinetics 400, Kinetics 600 (fractional warm-up), Epic-Kitchens. */
  @ParameterizedTest
  @CsvSource({
    "0.1,   8390,    100680, 0,      0.0,         0",
    "0.1,   8390,    100680, 1,      1.1919e-5,   1e-9",
    "0.1,   8390,    100680, 8390,   0.1,         1e-15",
    "0.1,   8390,    100680, 54535,  0.05,        1e-9",
    "0.1,   8390,    100680, 100679, 2.9e-11,     1e-12",
    "0.05,  14187.5, 170250, 1,      3.52423e-6,  1e-10",
    "0.05,  14187.5, 170250, 14187,  0.0499982,   1e-7",
    "0.05,  14187.5, 170250, 14188,  0.05,        1e-9",
    "0.5,   2625,    52500,  1,      1.904762e-4, 1e-10",
    "0.5,   2625,    52500,  2625,   0.5,         1e-15",
    "0.5,   2625,    52500,  52499,  4.96e-10,    1e-12",
    "0.25,  0,       100,    0,      0.25,        1e-15",
    "0.25,  0,       100,    50,     0.125,       1e-15"
  })
  void followsTheTable(
      double base, double warmup, long total, long step, double rate, double tolerance) {
    assertThat(new LearningRateSchedule(base, warmup, total).at(step))
        .isCloseTo(rate, within(tolerance));
  }

  /** Every recipe of the paper; near the last step the cosine cancels, hence no relative limit. */
  @ParameterizedTest
  @CsvFileSource(resources = "/golden/v1/tables/learning_rate.csv", useHeadersInDisplayName = true)
  void followsTheGoldenTable(
      String dataset, double base, double warmup, long total, long step, double rate) {
    assertThat(new LearningRateSchedule(base, warmup, total).at(step))
        .as(dataset)
        .isCloseTo(rate, within(1e-14 * base));
  }

  @Test
  void refusesAWarmupAsLongAsTheRun() {
    assertThatThrownBy(() -> new LearningRateSchedule(0.1, 10, 10))
        .hasMessageContaining("warm-up of 10.0 steps in a run of 10 steps");
  }
}
