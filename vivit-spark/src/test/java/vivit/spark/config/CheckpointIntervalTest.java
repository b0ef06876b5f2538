package vivit.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.spark.config.CheckpointInterval.AfterTime;
import vivit.spark.config.CheckpointInterval.AfterTraining;
import vivit.spark.config.CheckpointInterval.Computed;

class CheckpointIntervalTest {
  @ParameterizedTest
  @CsvSource({
    "15 minutes, 900",
    "1 minute, 60",
    "90 seconds, 90",
    "90 s, 90",
    "3m, 180",
    "1 h, 3600",
    "0.5 seconds, 0.5",
    "2 Hours, 7200",
    "1.5 hours, 5400"
  })
  void readsTimes(String text, double seconds) {
    assertThat(CheckpointInterval.parse(text)).contains(new AfterTime(seconds));
  }

  @Test
  void readsStepsEpochsAndAuto() {
    assertThat(CheckpointInterval.parse("500 steps"))
        .containsInstanceOf(AfterTraining.class)
        .map(Object::toString)
        .hasValueSatisfying(text -> assertThat(text).contains("500 steps"));
    assertThat(CheckpointInterval.parse("2 epochs")).containsInstanceOf(AfterTraining.class);
    assertThat(CheckpointInterval.parse("auto")).contains(new Computed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0 minutes", "0 steps", "0.0 epochs", "-1 hours", "15", "minutes", "5 days", ""})
  void refusesTheRest(String text) {
    assertThat(CheckpointInterval.parse(text)).isEmpty();
  }

  /** The best of many intervals, by the share of the time that is training that counts. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 10, 60, 300})
  void theComputedIntervalHasTheHighestAvailability(double writing) {
    double best = 60;
    for (double interval = 60; interval <= 3600; interval++) {
      if (availability(interval, writing) > availability(best, writing)) {
        best = interval;
      }
    }
    assertThat(new Computed().seconds(writing)).isCloseTo(best, within(1.0));
  }

  private static double availability(double interval, double writing) {
    double between = 4 * 3600;
    double forward = between / (between + writing + interval / 2);
    return forward * interval / (interval + writing);
  }

  @Test
  void theComputedIntervalHasBounds() {
    assertThat(new Computed().seconds(0.001)).isEqualTo(60);
    assertThat(new Computed().seconds(1000)).isEqualTo(3600);
    assertThat(new Computed().seconds(5000)).isEqualTo(10_000);
  }
}
