package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.engine.EngineTimes.OperationKind;

class EngineTimesTest {

  @Test
  void doesWhatTheEngineDoesAndTakesTheTime() {
    EngineTimes times = new EngineTimes();
    try (Engine engine = times.timed(new Nd4jEngine(DataType.DOUBLE));
        INDArray values = Nd4j.createFromArray(-1.0, 0.0, 2.0);
        INDArray found = Nd4j.createUninitialized(DataType.DOUBLE, 3)) {
      engine.gelu(engine.adopt(values), engine.adopt(found));

      assertThat(found.toDoubleVector()[2]).isBetween(1.95, 1.96);
      Map<OperationKind, Long> nanos = times.nanos();
      assertThat(nanos).hasSize(OperationKind.values().length);
      assertThat(nanos.get(OperationKind.GELU)).isPositive();
      assertThat(nanos.get(OperationKind.OTHER)).isPositive();
      assertThat(nanos.get(OperationKind.LINEAR)).isZero();
    }
  }

  @Test
  void failuresComeThroughAsTheyAre() {
    try (Engine engine = new EngineTimes().timed(new Nd4jEngine(DataType.FLOAT));
        INDArray wrong = Nd4j.createFromArray(1.0)) {
      assertThatThrownBy(() -> engine.adopt(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("DOUBLE");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "linear, LINEAR",
    "linearResidual, LINEAR",
    "linearInputGradient, LINEAR_INPUT_GRADIENT",
    "linearParameterGradient, LINEAR_PARAMETER_GRADIENT",
    "attention, ATTENTION",
    "attentionGradient, ATTENTION_GRADIENT",
    "layerNormGradient, LAYER_NORM",
    "geluGradient, GELU",
    "sumTokens, OTHER"
  })
  void everyOperationHasAKind(String method, OperationKind kind) {
    assertThat(OperationKind.of(method)).isEqualTo(kind);
    assertThat(Engine.class.getMethods()).anyMatch(known -> known.getName().equals(method));
  }
}
