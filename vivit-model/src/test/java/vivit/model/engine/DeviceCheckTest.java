package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.engine.DeviceCheck.Capability;

class DeviceCheckTest {

  @ParameterizedTest
  @CsvSource({"3,7", "5,0", "6,1", "7,0", "7,5", "8,0", "8,6", "8,9"})
  void cardsWithCode(int major, int minor) {
    assertThat(DeviceCheck.problem("card", new Capability(major, minor))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"3,0", "3,5", "9,0", "10,0", "12,0"})
  void cardsWithout(int major, int minor) {
    assertThat(DeviceCheck.problem("card", new Capability(major, minor))).isPresent();
  }

  @Test
  void theMessageNamesCardCapabilityAndWayOut() {
    assertThat(DeviceCheck.problem("NVIDIA H100 ", new Capability(9, 0)))
        .hasValue(
            "Cannot compute on NVIDIA H100: it has compute capability 9.0, but nd4j-cuda-11.6 holds"
                + " code for 3.7 to 8.9 only; use a card of the generations Volta to Ada, or build"
                + " without -Pcuda");
  }

  @Test
  void theMachineOfTheTestsIsUsableAndDescribed() {
    assertThatCode(DeviceCheck::requireUsableDevice).doesNotThrowAnyException();
    assertThat(Engines.description())
        .matches(
            "(oneDNN \\d+\\.\\d+\\.\\d+|ND4J)( \\(.+\\))? on \\d+ of \\d+ cores,"
                + " ND4J with \\S+, \\d+ GFLOP/s");
  }
}
