package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import vivit.spark.checkpoint.LoggedLines;
import vivit.spark.config.CheckpointInterval;

class CheckpointClockTest {
  private long seconds;

  @Test
  void timesCountFromTheCheckpointBefore() {
    CheckpointClock clock = clock("15 minutes");
    seconds = 899;
    assertThat(clock.isDue(0, 1, 10)).isFalse();
    seconds = 1000;
    assertThat(clock.isDue(1, 2, 10)).isTrue();
    clock.begin();
    clock.wrote(400);
    seconds = 1899;
    assertThat(clock.isDue(2, 3, 10)).isFalse();
    seconds = 1900;
    assertThat(clock.isDue(3, 4, 10)).isTrue();
  }

  @Test
  void stepsAndEpochsCountFromTheFirst() {
    assertThat(clock("1 epoch").isDue(8, 10, 10)).isTrue();
    assertThat(clock("1 epoch").isDue(10, 18, 10)).isFalse();
    assertThat(clock("7 steps").isDue(6, 8, 10)).isTrue();
    assertThat(clock("7 steps").isDue(7, 13, 10)).isFalse();
    assertThat(clock("0.01 epochs").isDue(7, 8, 10)).isTrue();
  }

  @Test
  void aComputedIntervalFollowsTheWritingAndSaysSo() {
    try (LoggedLines log = new LoggedLines(CheckpointClock.class.getName())) {
      CheckpointClock clock = clock("auto");
      seconds = 59;
      assertThat(clock.isDue(0, 1, 10)).isFalse();
      seconds = 60;
      assertThat(clock.isDue(0, 1, 10)).isTrue();
      clock.begin();

      clock.wrote(10); // sqrt(2 * 10 * (14400 + 10)) = 536.8
      assertThat(log.take())
          .containsExactly(
              "INFO Checkpoint every 537 s: writing takes 10.0 s, and a failure every 4 hours is"
                  + " assumed");
      seconds = 60 + 536;
      assertThat(clock.isDue(1, 2, 10)).isFalse();
      seconds = 60 + 537;
      assertThat(clock.isDue(1, 2, 10)).isTrue();

      clock.wrote(12);
      assertThat(log.take()).isEmpty();
      clock.wrote(40);
      assertThat(log.take())
          .singleElement()
          .asString()
          .contains("every 1075 s: writing takes 40.0");
    }
  }

  private CheckpointClock clock(String interval) {
    return new CheckpointClock(
        CheckpointInterval.parse(interval).orElseThrow(), () -> TimeUnit.SECONDS.toNanos(seconds));
  }
}
