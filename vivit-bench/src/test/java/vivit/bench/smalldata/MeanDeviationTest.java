package vivit.bench.smalldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeanDeviationTest {

  /** 2, 4, 4, 4, 5, 5, 7, 9 has mean 5 and squares of 32 in all. */
  @Test
  void theDivisorIsOneLessThanTheNumber() {
    MeanDeviation figure = MeanDeviation.of(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0));

    assertThat(figure.count()).isEqualTo(8);
    assertThat(figure.mean()).isEqualTo(5);
    assertThat(figure.deviation()).isCloseTo(Math.sqrt(32.0 / 7), within(1e-12));
  }

  @Test
  void aSpreadIsShownWhereThereIsOne() {
    assertThat(MeanDeviation.of(List.of(0.5, 0.7)).text(0.01, 1)).isEqualTo("60.0 ± 14.1");
    assertThat(MeanDeviation.of(List.of(0.5)).text(0.01, 1)).isEqualTo("50.0");
  }

  @Test
  void nothingHasNoMean() {
    assertThatThrownBy(() -> MeanDeviation.of(List.of()))
        .hasMessage("found no value, expected at least one");
  }
}
