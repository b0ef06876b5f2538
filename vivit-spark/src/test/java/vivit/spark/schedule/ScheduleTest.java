package vivit.spark.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

  @ParameterizedTest
  @CsvSource({
    "0.2,                                               0,   0.2",
    "0.2,                                               999, 0.2",
    "linear 0.0 to 0.4 from 10 steps until 20 steps,    10,  0.0",
    "linear 0.0 to 0.4 from 10 steps until 20 steps,    15,  0.2",
    "linear 0.0 to 0.4 from 10 steps until 20 steps,    50,  0.4",
    "linear 0.4 to 0.0 from 0.5 epochs until 1 epoch,   75,  0.2",
    "cosine 0.0 to 1.0 from 0 steps until 4 steps,      1,   0.1464466094067262",
    "cosine 0.0 to 1.0 from 0 steps until 4 steps,      2,   0.5",
    "cosine 0.3 to 0.1 from 0 epochs until 2 epochs,    100, 0.2",
    "'0.1 at 0 epochs, 0.2 at 150 steps, 0.05 at 2 epochs', 0,   0.1",
    "'0.1 at 0 epochs, 0.2 at 150 steps, 0.05 at 2 epochs', 149, 0.1",
    "'0.1 at 0 epochs, 0.2 at 150 steps, 0.05 at 2 epochs', 150, 0.2",
    "'0.1 at 0 epochs, 0.2 at 150 steps, 0.05 at 2 epochs', 999, 0.05",
    "0.3 at 10 steps,                                   0,   0.3"
  })
  void followsTheTable(String text, long step, double value) {
    assertThat(Schedule.parse(text).at(step, 100)).isCloseTo(value, within(1e-12));
  }

  @Test
  void knowsItsExtremes() {
    Schedule ramp = Schedule.parse("linear 0.3 to 0.1 from 0 epochs until 1 epoch");

    assertThat(ramp.max()).isEqualTo(0.3);
    assertThat(ramp.min()).isEqualTo(0.1);
    Schedule stairs = Schedule.parse("0.2 at 0 epochs, 0.5 at 1 epoch, 0.1 at 7 epochs");
    assertThat(stairs.max()).isEqualTo(0.5);
    assertThat(stairs.min()).isEqualTo(0.1);
  }

  @Test
  void saysWhatItCanRead() {
    assertThatThrownBy(() -> Schedule.parse("linearly more"))
        .hasMessageContaining("cannot read \"linearly more\"")
        .hasMessageContaining("linear 0.0 to 0.2 from 0 epochs until 10 epochs");
    assertThatThrownBy(() -> Schedule.parse("0.1 at 0 epochs, 0.2"))
        .hasMessageContaining("0.1 at 0 epochs, 0.2 at 10 epochs");
    assertThatThrownBy(() -> Schedule.parse("1e"))
        .hasMessageContaining("cannot read \"1e\" as a number");
    assertThatThrownBy(() -> Schedule.parse("linear 0 to 1 from 0 until 10 epochs"))
        .hasMessageContaining("cannot read \"0\"");
  }
}
