package vivit.model.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.checkpoint.FlatSource;
import vivit.model.checkpoint.InferredModel;
import vivit.model.checkpoint.MergedHeads;
import vivit.model.parameter.ParameterIndex;
import vivit.model.variant.FactorisedDotProduct;
import vivit.model.variant.FactorisedSelfAttention;

/** The models of all golden cases are inferred from their tensors or refused, never guessed. */
class InferredModelTest {

  @TestFactory
  Stream<DynamicTest> tellsWhatTensorsTell() {
    return GoldenFolder.cases(GoldenFolder.OWN, "forward_backward").stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(), () -> check(GoldenCase.read(file).config())));
  }

  private static void check(ViViTConfig config) throws IOException {
    if (config.variant() instanceof FactorisedSelfAttention) {
      assertThatThrownBy(() -> infer(config)).hasMessageContaining("the order of its attentions");
    } else if (config.variant() instanceof FactorisedDotProduct
        || (config.readout() == Readout.MEAN
            && config.encoders().get(0).name().equals("Transformer"))) {
      assertThatThrownBy(() -> infer(config))
          .hasMessageContaining("space-time or factorised-dot-product")
          .hasMessageContaining("model.variant=");
    } else {
      ViViTConfig found = infer(config);
      int classes = config.heads().stream().mapToInt(Head::classes).sum();
      assertThat(found)
          .isEqualTo(
              new ViViTConfig(
                  config.clip(),
                  config.tubelet(),
                  config.width(),
                  config.attentionHeads(),
                  config.mlpWidth(),
                  config.variant(),
                  config.readout(),
                  0,
                  List.of(new Head("label", classes)),
                  config.sampledFrames(),
                  config.representationSize()));
    }
  }

  private static ViViTConfig infer(ViViTConfig config) throws IOException {
    ParameterIndex index = ParameterIndex.of(config);
    float[] flat = new float[(int) index.length()];
    Arrays.fill(flat, 1);
    return InferredModel.of(
        new MergedHeads(FlatSource.of("some model", index, flat)), config.clip(), "label");
  }

  @Test
  void anotherClipIsRefused() throws IOException {
    ViViTConfig config =
        GoldenCase.read(GoldenFolder.OWN.resolve("forward/model2_token.json")).config();
    ParameterIndex index = ParameterIndex.of(config);
    FlatSource source = FlatSource.of("some model", index, new float[(int) index.length()]);
    var clip = new vivit.model.shape.ClipShape(12, 12, 16);
    assertThatThrownBy(() -> InferredModel.of(source, clip, "label"))
        .hasMessageContaining("SpatialTransformer/posembed_input/pos_embedding has 16 positions");
  }
}
