package vivit.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import vivit.model.parameter.Parameter.Order;

/** Every rule by the moments of its draws. */
class InitialisationTest {

  private static final String BLOCK = "SpatialTransformer/encoderblock_1/";

  private static double[] draw(String name, long rows, long... shape) {
    return Initialisation.values(new Parameter(name, shape, rows, 0, Order.COLUMN_MAJOR), 7);
  }

  private static double deviation(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).average().orElseThrow());
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  @Test
  void embeddingIsLecunNormal() {
    double[] values = draw("embedding/kernel", 48, 1, 4, 4, 3, 500);
    double expected = Math.sqrt(1.0 / 48);
    assertThat(deviation(values)).isEqualTo(expected, within(0.02 * expected));
    assertThat(largest(values)).isBetween(2.2 * expected, 2 * expected / 0.8796256610342398);
  }

  @Test
  void attentionIsXavierUniformOnTheFlatShape() {
    double bound = Math.sqrt(3.0 / 64);
    for (double[] values :
        new double[][] {
          draw(BLOCK + "MultiHeadDotProductAttention_0/query/kernel", 64, 64, 4, 16),
          draw(BLOCK + "MultiHeadDotProductAttention_0/out/kernel", 64, 4, 16, 64)
        }) {
      assertThat(largest(values)).isBetween(0.99 * bound, bound);
      assertThat(deviation(values)).isEqualTo(bound / Math.sqrt(3), within(0.02 * bound));
    }
  }

  @Test
  void mlpIsXavierUniformWithTinyBiases() {
    double bound = Math.sqrt(6.0 / (32 + 96));
    assertThat(largest(draw(BLOCK + "MlpBlock_0/Dense_0/kernel", 32, 32, 96)))
        .isBetween(0.99 * bound, bound);
    assertThat(deviation(draw(BLOCK + "MlpBlock_0/Dense_0/bias", 1, 5000)))
        .isEqualTo(1e-6, within(5e-8));
  }

  @Test
  void positionsAreNormalAndTheRestIsConstant() {
    assertThat(deviation(draw("SpatialTransformer/posembed_input/pos_embedding", 1, 1, 50, 100)))
        .isEqualTo(0.02, within(1e-3));
    assertThat(draw(BLOCK + "LayerNorm_0/scale", 1, 5)).containsOnly(1);
    for (String zero :
        new String[] {
          BLOCK + "LayerNorm_0/bias",
          "cls_SpatialTransformer",
          "embedding/bias",
          "output_projection/kernel",
          "output_projection/bias",
          BLOCK + "MultiHeadDotProductAttention_0/query/bias"
        }) {
      assertThat(draw(zero, 1, 5)).containsOnly(0);
    }
  }

  @Test
  void drawsDependOnSeedAndNameOnly() {
    double[] values = draw(BLOCK + "MlpBlock_0/Dense_0/kernel", 4, 4, 6);
    assertThat(draw(BLOCK + "MlpBlock_0/Dense_0/kernel", 4, 4, 6)).isEqualTo(values);
    assertThat(draw(BLOCK + "MlpBlock_0/Dense_1/kernel", 4, 4, 6)).isNotEqualTo(values);
  }
}
