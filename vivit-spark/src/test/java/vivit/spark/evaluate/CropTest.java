package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import vivit.spark.evaluate.ClipViews.Crop;

class CropTest {
  @Test
  void oneCropIsTheCentreRoundedDown() {
    assertThat(Crop.of(1, 257, 341, 224, 224)).containsExactly(new Crop(16, 58));
  }

  @Test
  void threeCropsFollowTheLongerSideAndRoundTheCentreUp() {
    assertThat(Crop.of(3, 256, 341, 224, 224))
        .containsExactly(new Crop(16, 0), new Crop(16, 59), new Crop(16, 117));
    assertThat(Crop.of(3, 341, 257, 224, 224))
        .containsExactly(new Crop(0, 16), new Crop(59, 16), new Crop(117, 16));
  }

  @Test
  void threeCropsOfASquareRunAlongTheWidth() {
    assertThat(Crop.of(3, 257, 257, 224, 224))
        .containsExactly(new Crop(16, 0), new Crop(16, 17), new Crop(16, 33));
  }

  @Test
  void aFrameOfTheCropsSizeGivesTheSameCropThrice() {
    assertThat(Crop.of(3, 32, 32, 32, 32)).containsOnly(new Crop(0, 0)).hasSize(3);
  }

  @Test
  void refusesOtherCountsAndSmallFrames() {
    assertThatThrownBy(() -> Crop.of(2, 32, 32, 32, 32))
        .hasMessage("found 2 crops of a view, expected 1 or 3");
    assertThatThrownBy(() -> Crop.of(1, 31, 40, 32, 32))
        .hasMessageContaining("found frames of 31 x 40 pixels")
        .hasMessageContaining("at least the model's 32 x 32");
  }
}
