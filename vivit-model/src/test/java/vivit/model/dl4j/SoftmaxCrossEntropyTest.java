package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SoftmaxCrossEntropyTest {

  private final IActivation softmax = Activation.SOFTMAX.getActivationFunction();

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void noLogitIsTooLarge(DataType type) {
    INDArray logits = Nd4j.createFromArray(new double[][] {{90, -90, 0}, {1, 1, 1}}).castTo(type);
    INDArray labels = Nd4j.createFromArray(new double[][] {{0, 1, 0}, {0.5, 0, 0.5}}).castTo(type);
    Pair<Double, INDArray> both =
        new SoftmaxCrossEntropy(0.5).computeGradientAndScore(labels, logits, softmax, null, false);
    assertThat(both.getFirst()).isEqualTo((180 + Math.log(3)) / 2, within(1e-5));
    assertThat(both.getSecond().castTo(DataType.DOUBLE).reshape(6).toDoubleVector())
        .containsExactly(new double[] {0.5, -0.5, 0, -1.0 / 12, 1.0 / 6, -1.0 / 12}, within(1e-7));
    assertThat(logits.getDouble(0, 1)).isEqualTo(-90);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void takesNoMask(DataType type) {
    INDArray some = Nd4j.ones(type, 1, 2);
    SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy(1);
    assertThatThrownBy(() -> loss.computeScore(some, some, softmax, some, true))
        .hasMessageContaining("takes no mask");
  }
}
