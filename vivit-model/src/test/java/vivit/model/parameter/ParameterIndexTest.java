package vivit.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.Preset;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.parameter.Parameter.Order;
import vivit.model.variant.Variant;

class ParameterIndexTest {

  /** Counts of the original models' parameter trees; 0 temporal layers: average pool. */
  @ParameterizedTest
  @CsvSource({
    "SPACE_TIME, B, 0, 16, 32, 224, 400, 88954000",
    "FACTORISED_ENCODER, B, 4, 16, 32, 224, 400, 115062928",
    "AVERAGE_POOL, B, 0, 16, 32, 224, 400, 86696080",
    "FACTORISED_SELF_ATTENTION, B, 0, 16, 32, 224, 400, 117319312",
    "FACTORISED_DOT_PRODUCT, B, 0, 16, 32, 224, 400, 88952464",
    "SPACE_TIME, L, 0, 16, 32, 224, 400, 307508624",
    "SPACE_TIME, L, 0, 16, 32, 288, 400, 309605776",
    "SPACE_TIME, L, 0, 16, 32, 320, 400, 310850960",
    "FACTORISED_ENCODER, L, 24, 16, 32, 224, 400, 606827920",
    "FACTORISED_ENCODER, L, 4, 16, 32, 224, 400, 354903440",
    "FACTORISED_ENCODER, L, 24, 16, 128, 224, 400, 606877072",
    "FACTORISED_ENCODER, L, 4, 16, 128, 224, 400, 354952592",
    "SPACE_TIME, H, 0, 14, 32, 224, 400, 636945040",
    "SPACE_TIME, H, 0, 16, 32, 224, 400, 636177040",
    "FACTORISED_ENCODER, L, 24, 16, 32, 224, 600, 607032920",
    "FACTORISED_ENCODER, L, 4, 16, 32, 224, 397, 354900365",
    "FACTORISED_ENCODER, L, 4, 16, 32, 256, 174, 354733230",
    "FACTORISED_ENCODER, B, 4, 16, 32, 224, 397, 115060621",
    "SPACE_TIME, S, 0, 16, 32, 224, 400, 23243536",
    "SPACE_TIME, TI, 0, 16, 32, 224, 400, 6313552",
    "FACTORISED_ENCODER, S, 4, 16, 32, 224, 400, 29220112",
    "FACTORISED_ENCODER, TI, 4, 16, 32, 224, 400, 7532368",
    "FACTORISED_ENCODER, B, 1, 16, 32, 224, 400, 93799312",
    "FACTORISED_ENCODER, B, 8, 16, 32, 224, 400, 143414416",
    "FACTORISED_ENCODER, B, 12, 16, 32, 224, 400, 171765904"
  })
  void countsAreThoseOfThePublishedModels(
      Variant.Kind kind,
      Preset preset,
      int temporalLayers,
      int patch,
      int frames,
      int pixels,
      int classes,
      long expected) {
    ViViTConfig config =
        TinyModels.published(kind, preset, temporalLayers, patch, frames, pixels, classes);
    assertThat(ParameterIndex.of(config).length()).isEqualTo(expected);
  }

  @Test
  void namesAndShapesAreScenics() {
    ParameterIndex index = ParameterIndex.of(TinyModels.factorised(0, TinyModels.CLASSES));
    assertThat(index.parameter("embedding/kernel").shape()).containsExactly(2, 2, 2, 3, 14);
    assertThat(index.parameter("cls_SpatialTransformer").shape()).containsExactly(1, 1, 14);
    assertThat(index.parameter("SpatialTransformer/posembed_input/pos_embedding").shape())
        .containsExactly(1, 11, 14);
    String attention = "TemporalTransformer/encoderblock_2/MultiHeadDotProductAttention_0/";
    assertThat(index.parameter(attention + "query/kernel").shape()).containsExactly(14, 2, 7);
    assertThat(index.parameter(attention + "out/kernel").shape()).containsExactly(2, 7, 14);
    assertThat(index.parameter(attention + "out/kernel").rows()).isEqualTo(14);
    assertThat(index.parameter("output_projection/kernel").shape()).containsExactly(14, 4);
    assertThatThrownBy(() -> index.parameter("head/kernel"))
        .hasMessageContaining("No parameter is called head/kernel; there are ");
  }

  @Test
  void severalHeadsSplitTheProjection() {
    ParameterIndex index =
        ParameterIndex.of(TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB));
    assertThat(index.contains("output_projection/kernel")).isFalse();
    assertThat(index.parameter("output_projection/noun/kernel").columns()).isEqualTo(5);
    assertThat(index.parameter("output_projection/verb/bias").length()).isEqualTo(3);
    assertThat(index.parameter("output_projection/verb/bias").offset())
        .isEqualTo(index.length() - 3);
  }

  @Test
  void theBackboneComesFirst() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.CLASSES);
    ParameterIndex whole = ParameterIndex.of(config);
    List<Parameter> backbone = ParameterIndex.backbone(config).parameters();
    assertThat(whole.parameters().subList(0, backbone.size())).isEqualTo(backbone);
  }

  @Test
  void refusesRowsThatDoNotDivide() {
    assertThatThrownBy(() -> new Parameter("w", new long[] {3, 5}, 2, 0, Order.ROW_MAJOR))
        .hasMessage("Parameter w of shape [3, 5] cannot have 2 rows");
  }
}
