package vivit.model.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.Preset;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.model.variant.Variant;

class ModelSummaryTest {

  /** Matrix products in units of 10^9, by the closed forms of docs/vivit.md, 2.11. */
  @ParameterizedTest
  @CsvSource({
    "SPACE_TIME, B, 0, 16, 32, 224, 400, 451.5",
    "FACTORISED_ENCODER, B, 4, 16, 32, 224, 400, 283.3",
    "AVERAGE_POOL, B, 0, 16, 32, 224, 400, 282.9",
    "FACTORISED_SELF_ATTENTION, B, 0, 16, 32, 224, 400, 371.1",
    "FACTORISED_DOT_PRODUCT, B, 0, 16, 32, 224, 400, 276.2",
    "SPACE_TIME, L, 0, 16, 32, 224, 400, 1436.0",
    "SPACE_TIME, L, 0, 16, 32, 320, 400, 3957.0",
    "FACTORISED_ENCODER, L, 24, 16, 32, 224, 400, 992.5",
    "FACTORISED_ENCODER, L, 24, 16, 128, 224, 400, 3969.1",
    "SPACE_TIME, H, 0, 14, 32, 224, 400, 3958.8",
    "FACTORISED_ENCODER, L, 4, 16, 32, 256, 174, 1301.0",
    "FACTORISED_ENCODER, B, 4, 16, 32, 224, 397, 283.3",
    "SPACE_TIME, TI, 0, 16, 32, 224, 400, 62.9"
  })
  void multiplyAddsAreThoseOfTheClosedForms(
      Variant.Kind kind,
      Preset preset,
      int temporalLayers,
      int patch,
      int frames,
      int pixels,
      int classes,
      double expected) {
    ModelSummary summary =
        ModelSummary.of(
            TinyModels.published(kind, preset, temporalLayers, patch, frames, pixels, classes));
    assertThat(summary.forward() / 1e9).isCloseTo(expected, within(0.05001));
    assertThat(summary.rows().stream().mapToLong(ModelSummary.LayerRow::parameters).sum())
        .isEqualTo(summary.parameters());
    assertThat(summary.recomputed()).isLessThan(summary.activations() / 4);
    assertThat(summary.inference()).isLessThan(summary.recomputed());
  }

  @Test
  void everyParameterStandsInOneRowAndBackwardCostsTwice() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB);
    ModelSummary summary = ModelSummary.of(config);
    assertThat(summary.rows().stream().mapToLong(ModelSummary.LayerRow::parameters).sum())
        .isEqualTo(ParameterIndex.of(config).length());
    // everything twice in the backward pass, but for the gradient at the tokens
    long embedding = summary.rows().get(0).multiplyAdds();
    assertThat(summary.training()).isEqualTo(3 * summary.forward() - embedding);
    assertThat(summary.text())
        .contains("SpatialTransformer/encoderblock_1")
        .contains("output_projection/noun")
        .contains("one averaging round");
  }
}
