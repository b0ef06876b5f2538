package vivit.dataprep.clip;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClipSettingsTest {
  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> new ClipSettings(0, 1, 25, 256, 1, 16))
        .hasMessage("frames is 0, expected at least 1");
    assertThatThrownBy(() -> new ClipSettings(8, 0, 25, 256, 2, 16))
        .hasMessage("stride is 0, expected at least 1");
    assertThatThrownBy(() -> new ClipSettings(8, 1, -1, 256, 2, 16))
        .hasMessage("frames per second is -1.0, expected 0 to 1000");
    assertThatThrownBy(() -> new ClipSettings(8, 1, 25, -1, 2, 16))
        .hasMessage("short side is -1, expected 0 or more");
    assertThatThrownBy(() -> new ClipSettings(8, 1, 25, 256, 3, 16))
        .hasMessage("frames is 8, expected a multiple of the 3 frames of a tubelet");
    assertThatThrownBy(() -> new ClipSettings(8, 1, 25, 256, 2, 0))
        .hasMessage("patch is 0, expected at least 1");
  }
}
