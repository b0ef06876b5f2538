package vivit.dataprep.label;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectionsTest {
  @ParameterizedTest
  @CsvSource({
    "from left to right,  from right to left",
    "Left hand,           Right hand",
    "RIGHT,               LEFT",
    "turn_left,           turn_right",
    "swipe-right-2,       swipe-left-2",
    "leftwards,           rightwards",
    "right-handed swing,  left-handed swing",
    "Lefthand,            Righthand",
    "moveLeft,            moveRight",
    "leftTurn,            rightTurn"
  })
  void exchangesLeftAndRight(String name, String opposite) {
    assertThat(Directions.isIn(name)).isTrue();
    assertThat(Directions.exchanged(name)).isEqualTo(opposite);
    assertThat(Directions.exchanged(opposite)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "leftovers",
    "LEFTOVERS",
    "bright",
    "upright left2",
    "brightness",
    "Wright",
    "gauche"
  })
  void leavesOtherWordsAlone(String name) {
    assertThat(Directions.isIn(name)).isFalse();
    assertThat(Directions.exchanged(name)).isEqualTo(name);
  }
}
