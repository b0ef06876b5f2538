package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.network.Randomness;
import vivit.model.regularise.DropPath;

class TrainingStepTest {

  private static final int CLIPS = 3;

  static Stream<ViViTConfig> models() {
    return Stream.of(
        TinyModels.factorised(0, TinyModels.CLASSES),
        TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB));
  }

  @ParameterizedTest
  @MethodSource("models")
  void equalsPlainFitToTheBitWithoutClipping(ViViTConfig config) {
    INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.FLOAT);
    INDArray[] labels = TinyModels.labels(config, CLIPS, DataType.FLOAT);
    ComputationGraph fitted = ViViTGraph.create(config, 7);
    ComputationGraph stepped = ViViTGraph.create(config, 7);
    fitted.setLearningRate(0.3);
    MultiDataSet batch = new MultiDataSet(new INDArray[] {tokens}, labels);
    try (TrainingStep step = new TrainingStep(stepped, new Optimiser(0.9, 0))) {
      for (int i = 0; i < 5; i++) {
        fitted.fit(batch);
        step.step(tokens, labels, 0.3, Randomness.none(CLIPS));
      }
      assertThat(step.parameters()).isEqualTo(fitted.params());
      assertThat(step.momentum().toFloatVector())
          .containsExactly(fitted.getUpdater().getStateViewArray().dup().toFloatVector());
    }
    assertThat(stepped.params()).isNotEqualTo(ViViTGraph.create(config, 7).params());
  }

  @Test
  void theFirstLossesAreThatOfAGuess() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB);
    double guess = (Math.log(5) + Math.log(3)) / 2;
    try (TrainingStep step = step(config, new Optimiser(0.9, 1))) {
      assertThat(run(step, config, 0).lossSum()).isEqualTo(CLIPS * guess, within(1e-5));
      assertThat(run(step, config, 0.1).lossSum()).isEqualTo(CLIPS * guess, within(1e-5));
      assertThat(run(step, config, 0.1).lossSum()).isLessThan(CLIPS * guess - 1e-3);
    }
  }

  @Test
  void gradientsAreScaledToTheLargestNorm() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.CLASSES);
    try (TrainingStep free = step(config, new Optimiser(0.9, 0));
        TrainingStep clipped = step(config, new Optimiser(0.9, 0.01))) {
      double norm = run(free, config, 0).gradientNorm();
      assertThat(run(clipped, config, 0).gradientNorm()).isEqualTo(norm);
      assertThat(free.momentum().norm2Number().doubleValue()).isEqualTo(norm, within(1e-6));
      assertThat(clipped.momentum().norm2Number().doubleValue()).isEqualTo(0.01, within(1e-8));
    }
  }

  @Test
  void learnsToTellAFewClipsApart() {
    ViViTConfig config = TinyModels.factorised(0.1, TinyModels.NOUN, TinyModels.VERB);
    try (TrainingStep step = step(config, new Optimiser(0.9, 1))) {
      for (int i = 0; i < 60; i++) {
        run(step, config, 0.1);
      }
      TrainingStep.Result result = run(step, config, 0);
      assertThat(result.clips()).isEqualTo(CLIPS);
      assertThat(result.correct()).containsExactly(CLIPS, CLIPS);
      assertThat(result.lossSum()).isLessThan(0.5);
    }
  }

  @Test
  void sameSeedsGiveTheSameStep() {
    ViViTConfig config = TinyModels.factorised(0.5, TinyModels.CLASSES);
    try (TrainingStep one = step(config, new Optimiser(0.9, 0));
        TrainingStep other = step(config, new Optimiser(0.9, 0))) {
      for (TrainingStep step : new TrainingStep[] {one, other}) {
        for (int i = 0; i < 4; i++) {
          step.step(
              TinyModels.tokens(config, CLIPS, DataType.FLOAT),
              TinyModels.labels(config, CLIPS, DataType.FLOAT),
              0.3,
              new Randomness(DropPath.draw(0.5, CLIPS, i)));
        }
      }
      assertThat(one.parameters()).isEqualTo(other.parameters());
    }
  }

  @Test
  void refusesLabelsOfOtherShapes() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB);
    try (TrainingStep step = step(config, new Optimiser(0.9, 0))) {
      INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.FLOAT);
      INDArray[] labels = TinyModels.labels(config, 2, DataType.FLOAT);
      Randomness masks = Randomness.none(CLIPS);
      assertThatThrownBy(() -> step.step(tokens, labels, 0.1, masks))
          .hasMessage("Labels have shapes [[2, 5], [2, 3]], expected [[3, 5], [3, 3]]");
    }
  }

  @Test
  void memoryStaysFlatOverHundredsOfSteps() {
    ViViTConfig config = TinyModels.factorised(0.5, TinyModels.CLASSES);
    try (TrainingStep step = step(config, new Optimiser(0.9, 1))) {
      for (int i = 0; i < 40; i++) {
        run(step, config, 0.01);
      }
      long before = settledBytes();
      for (int i = 0; i < 250; i++) {
        run(step, config, 0.01);
      }
      assertThat(settledBytes() - before).isLessThan(1 << 20);
    }
  }

  /** Native bytes that are still referenced. */
  private static long settledBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Pointer.deallocateReferences();
    }
    return Pointer.totalBytes();
  }

  private static TrainingStep step(ViViTConfig config, Optimiser optimiser) {
    return new TrainingStep(ViViTGraph.create(config, 7), optimiser);
  }

  private static TrainingStep.Result run(TrainingStep step, ViViTConfig config, double rate) {
    return step.step(
        TinyModels.tokens(config, CLIPS, DataType.FLOAT),
        TinyModels.labels(config, CLIPS, DataType.FLOAT),
        rate,
        Randomness.none(CLIPS));
  }
}
