package vivit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import vivit.dataprep.config.ConfigException;

class PredictTest {
  @Test
  void readsRunVideoAndOptionsInAnyOrder() {
    Predict.Request request =
        Predict.Request.parse("runs/a", "--json", "out.json", "predict.crops=3", "x=y.mp4");
    assertThat(request.run()).isEqualTo("runs/a");
    assertThat(request.video()).isEqualTo("x=y.mp4");
    assertThat(request.json()).contains("out.json");
    assertThat(request.crops()).isEqualTo(3);
    assertThat(Predict.Request.parse("r", "v", "--json=o").json()).contains("o");
    Predict.Request clip = Predict.Request.parse("--clip", "c", "--checkpoint", "m");
    assertThat(clip.run()).isEqualTo("m");
    assertThat(clip.video()).isEqualTo("c");
    assertThat(clip.tensor()).isTrue();
  }

  @Test
  void refusesAMissingVideoAndWrongKeys() {
    assertThatThrownBy(() -> Predict.Request.parse("runs/a"))
        .hasMessageContaining("found [runs/a], expected a model and a video or clip");
    assertThatThrownBy(() -> Predict.Request.parse("r", "v", "predict.crops=2"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("found 2; expected 1 (centre) or 3");
    assertThatThrownBy(() -> Predict.Request.parse("r", "v", "predict.crop=1"))
        .hasMessageContaining("did you mean predict.crops");
  }
}
