package vivit.dataprep.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0.4, 0 s",
    "59, 59 s",
    "60, 1 min 00 s",
    "3599, 59 min 59 s",
    "7620, 2 h 07 min",
    "273600, 3 d 04 h"
  })
  void writesDurationsForPeople(double seconds, String text) {
    assertThat(Figures.duration(seconds)).isEqualTo(text);
  }
}
