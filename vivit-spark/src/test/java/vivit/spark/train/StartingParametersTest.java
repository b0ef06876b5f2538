package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.ViViTGraph;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

class StartingParametersTest {

  @Test
  void drawsWhatTheGraphDraws() throws IOException {
    check(new FactorisedEncoder(2, 1), Readout.TOKEN, 0, new Head("noun", 5), new Head("verb", 3));
    check(
        new FactorisedSelfAttention(2, AttentionOrder.TIME_SPACE),
        Readout.MEAN,
        7,
        new Head("label", 4));
  }

  private static void check(Variant variant, Readout readout, int representation, Head... heads)
      throws IOException {
    ViViTConfig model =
        new ViViTConfig(
            new ClipShape(4, 8, 12),
            new Tubelet(2, 4, 4),
            6,
            2,
            10,
            variant,
            readout,
            0,
            List.of(heads),
            0,
            representation);
    float[] expected = ViViTGraph.create(model, 11).params().toFloatVector();
    float[] drawn = new float[expected.length];
    StartingParameters.draw(
        model,
        11,
        (offset, values) -> System.arraycopy(values, 0, drawn, (int) offset, values.length));
    assertThat(drawn).isEqualTo(expected);
  }
}
