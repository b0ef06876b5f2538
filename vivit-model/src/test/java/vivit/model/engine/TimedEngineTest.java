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
import vivit.model.engine.EngineTimes.Part;

class TimedEngineTest {

  @Test
  void doesWhatTheEngineDoesAndTakesTheTime() {
    EngineTimes times = new EngineTimes();
    try (Engine engine = TimedEngine.of(new Nd4jEngine(DataType.DOUBLE), times);
        INDArray values = Nd4j.createFromArray(-1.0, 0.0, 2.0);
        INDArray found = Nd4j.createUninitialized(DataType.DOUBLE, 3)) {
      engine.gelu(engine.adopt(values), engine.adopt(found));

      assertThat(found.toDoubleVector()[2]).isBetween(1.95, 1.96);
      Map<Part, Long> nanos = times.nanos();
      assertThat(nanos).hasSize(Part.values().length);
      assertThat(nanos.get(Part.GELU)).isPositive();
      assertThat(nanos.get(Part.OTHER)).isPositive();
      assertThat(nanos.get(Part.LINEAR)).isZero();
    }
  }

  @Test
  void failuresComeThroughAsTheyAre() {
    try (Engine engine = TimedEngine.of(new Nd4jEngine(DataType.FLOAT), new EngineTimes());
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
  void everyOperationHasAKind(String method, Part part) {
    assertThat(Part.of(method)).isEqualTo(part);
    assertThat(Engine.class.getMethods()).anyMatch(known -> known.getName().equals(method));
  }
}
