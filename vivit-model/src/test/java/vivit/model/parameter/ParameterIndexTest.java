package vivit.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.model.Head;
import vivit.model.Preset;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.Variant;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;

class ParameterIndexTest {

  /** Counts of the reference models' real parameter trees; 0 temporal layers: average pool. */
  @ParameterizedTest
  @CsvSource({
    "B, 4, 32, 224, 400, 115062928",
    "B, 0, 32, 224, 400, 86696080",
    "L, 24, 32, 224, 400, 606827920",
    "L, 4, 32, 224, 400, 354903440",
    "L, 24, 128, 224, 400, 606877072",
    "L, 4, 128, 224, 400, 354952592",
    "L, 24, 32, 224, 600, 607032920",
    "L, 4, 32, 224, 397, 354900365",
    "L, 4, 32, 256, 174, 354733230",
    "B, 4, 32, 224, 397, 115060621",
    "S, 4, 32, 224, 400, 29220112",
    "TI, 4, 32, 224, 400, 7532368",
    "B, 1, 32, 224, 400, 93799312",
    "B, 8, 32, 224, 400, 143414416",
    "B, 12, 32, 224, 400, 171765904"
  })
  void countsAreThoseOfThePublishedModels(
      Preset preset, int temporalLayers, int frames, int pixels, int classes, long expected) {
    List<Head> heads =
        classes == 397
            ? List.of(new Head("noun", 300), new Head("verb", 97))
            : List.of(new Head("classes", classes));
    ViViTConfig config =
        new ViViTConfig(
            new ClipShape(frames, pixels, pixels),
            new Tubelet(2, 16, 16),
            preset.width(),
            preset.attentionHeads(),
            preset.mlpWidth(),
            temporalLayers == 0
                ? new Variant.AveragePool(preset.layers())
                : new Variant.FactorisedEncoder(preset.layers(), temporalLayers),
            Readout.TOKEN,
            0,
            heads);
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
