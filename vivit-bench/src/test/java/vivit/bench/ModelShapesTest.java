package vivit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.describe.ModelSummary;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

class ModelShapesTest {
  private static final int CLASSES = 5;

  private static ViViTConfig model(Variant.Kind kind) {
    return new ViViTConfig(
        new ClipShape(6, 8, 20),
        new Tubelet(2, 4, 4),
        24,
        2,
        28,
        kind.of(3, 2, AttentionOrder.SPACE_TIME),
        Readout.MEAN,
        0,
        List.of(new Head("label", CLASSES)),
        0,
        11);
  }

  @ParameterizedTest
  @EnumSource
  void theShapesAreAllTheMultiplyAddsOfAStep(Variant.Kind kind) {
    ViViTConfig model = model(kind);
    ModelSummary summary = ModelSummary.of(model);
    long heads = (long) model.representation() * CLASSES;

    for (List<Integer> passes : List.of(List.of(1), List.of(2, 2, 1))) {
      ModelShapes shapes = ModelShapes.of(model, passes);
      long clips = passes.stream().mapToInt(clip -> clip).sum();
      double forward = shapes.linearMultiplyAdds() + shapes.attentionMultiplyAdds();
      double training =
          2 * shapes.linearMultiplyAdds()
              + shapes.inputGradientMultiplyAdds()
              + 3 * shapes.attentionMultiplyAdds();
      assertThat(forward).isEqualTo((double) (clips * (summary.forward() - heads)));
      assertThat(training).isEqualTo((double) (clips * (summary.training() - 3 * heads)));
    }
  }

  @Test
  void equalShapesAreListedOnce() {
    ModelShapes shapes = ModelShapes.of(model(Variant.Kind.FACTORISED_DOT_PRODUCT), List.of(2, 2));
    assertThat(shapes.linears())
        .hasSize(6)
        .containsEntry(new ModelShapes.LinearShape(60, 96, 24), new ModelShapes.Uses(2, 0))
        .containsEntry(new ModelShapes.LinearShape(60, 24, 72), new ModelShapes.Uses(6, 6))
        .containsEntry(new ModelShapes.LinearShape(2, 24, 11), new ModelShapes.Uses(2, 2));
    assertThat(shapes.attentions()).hasSize(2).containsValue(6L);
  }
}
