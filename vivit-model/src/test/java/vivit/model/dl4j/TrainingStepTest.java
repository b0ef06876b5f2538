package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.model.NativeMemory;
import vivit.model.Readout;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.engine.UpdateRule;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Randomness;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.Variant;

class TrainingStepTest {

  private static final int CLIPS = 3;

  static Stream<ViViTConfig> models() {
    return Stream.of(
        TinyModels.factorised(0, TinyModels.CLASSES),
        TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB));
  }

  @ParameterizedTest
  @MethodSource("models")
  void equalsPlainFitWithoutClipping(ViViTConfig config) {
    INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.DOUBLE);
    INDArray[] labels = TinyModels.labels(config, CLIPS, DataType.DOUBLE);
    ComputationGraph fitted = ViViTGraph.create(config, 7, DataType.DOUBLE);
    ComputationGraph stepped = ViViTGraph.create(config, 7, DataType.DOUBLE);
    fitted.setLearningRate(0.3);
    MultiDataSet batch = new MultiDataSet(new INDArray[] {tokens}, labels);
    try (TrainingStep step = new TrainingStep(stepped, new Optimiser(0.9, 0))) {
      for (int i = 0; i < 5; i++) {
        fitted.fit(batch);
        step.step(tokens, labels, 0.3, Randomness.none(CLIPS));
      }
      INDArray momentum = fitted.getUpdater().getStateViewArray();
      assertThat(step.parameters().distance2(fitted.params())).isLessThan(1e-12);
      assertThat(step.states().get(0).distance2(momentum)).isLessThan(1e-12);
    }
    INDArray untouched = ViViTGraph.create(config, 7, DataType.DOUBLE).params();
    assertThat(stepped.params().distance2(untouched)).isGreaterThan(1e-2);
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
      assertThat(free.states().get(0).norm2Number().doubleValue()).isEqualTo(norm, within(1e-6));
      assertThat(clipped.states().get(0).norm2Number().doubleValue()).isEqualTo(0.01, within(1e-8));
    }
  }

  @Test
  void learnsToTellAFewClipsApart() {
    learns(TinyModels.factorised(0.1, TinyModels.NOUN, TinyModels.VERB));
  }

  @ParameterizedTest
  @EnumSource(Variant.Kind.class)
  void everyVariantLearns(Variant.Kind kind) {
    ViViTConfig plain = TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB);
    Variant variant = kind.of(2, 2, AttentionOrder.SPACE_TIME);
    boolean token =
        kind != Variant.Kind.FACTORISED_SELF_ATTENTION
            && kind != Variant.Kind.FACTORISED_DOT_PRODUCT;
    learns(
        new ViViTConfig(
            plain.clip(),
            plain.tubelet(),
            plain.width(),
            plain.attentionHeads(),
            plain.mlpWidth(),
            variant,
            token ? Readout.TOKEN : Readout.MEAN,
            0,
            plain.heads()));
  }

  private static void learns(ViViTConfig config) {
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
  void microBatchesAddUpToTheStep() {
    ViViTConfig config = TinyModels.factorised(0.5, TinyModels.NOUN, TinyModels.VERB);
    INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.FLOAT);
    INDArray[] labels = TinyModels.labels(config, CLIPS, DataType.FLOAT);
    try (TrainingStep whole = step(config, new Optimiser(0.9, 0.01));
        TrainingStep parts = step(config, new Optimiser(0.9, 0.01))) {
      for (int i = 0; i < 3; i++) {
        TrainingStep.Result expected = whole.step(tokens, labels, 0.3, Randomness.none(CLIPS));
        parts.accumulate(rows(tokens, 0, 2), rows(labels, 0, 2), Randomness.none(2));
        parts.accumulate(rows(tokens, 2, CLIPS), rows(labels, 2, CLIPS), Randomness.none(1));
        TrainingStep.Result found = parts.update(1, 0.3, 0);
        assertThat(found.clips()).isEqualTo(CLIPS);
        assertThat(found.correct()).isEqualTo(expected.correct());
        assertThat(found.lossSum()).isCloseTo(expected.lossSum(), within(1e-5));
        assertThat(found.gradientNorm()).isCloseTo(expected.gradientNorm(), within(1e-5));
      }
      assertThat(parts.parameters().equalsWithEps(whole.parameters(), 1e-6)).isTrue();
      assertThat(parts.states().get(0).equalsWithEps(whole.states().get(0), 1e-6)).isTrue();
    }
  }

  @Test
  void clippingMicroBatchesIsClippingEachWorkerOfTheirSize() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.CLASSES);
    INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.FLOAT);
    INDArray[] labels = TinyModels.labels(config, CLIPS, DataType.FLOAT);
    double largest = 0.05;
    INDArray expected = null;
    int[] bounds = {0, 2, CLIPS};
    for (int part = 0; part < 2; part++) {
      int clips = bounds[part + 1] - bounds[part];
      try (TrainingStep alone = step(config, new Optimiser(0, largest))) {
        alone.step(
            rows(tokens, bounds[part], bounds[part + 1]),
            rows(labels, bounds[part], bounds[part + 1]),
            0,
            Randomness.none(clips));
        INDArray share = alone.states().get(0).mul((double) clips / CLIPS);
        assertThat(alone.states().get(0).norm2Number().doubleValue())
            .isCloseTo(largest, within(1e-6));
        expected = expected == null ? share : expected.add(share);
      }
    }
    try (TrainingStep parts =
        step(
            config,
            new Optimiser(new UpdateRule.Sgd(0), largest, Optimiser.ClipEach.MICRO_BATCH))) {
      parts.accumulate(rows(tokens, 0, 2), rows(labels, 0, 2), Randomness.none(2));
      parts.accumulate(rows(tokens, 2, CLIPS), rows(labels, 2, CLIPS), Randomness.none(1));
      parts.update(1, 0, 0);
      assertThat(parts.states().get(0).equalsWithEps(expected, 1e-7)).isTrue();
    }
  }

  @Test
  void ratesAndDecayWorkOnTheParametersTheyNameOnly() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.CLASSES);
    ParameterIndex index = ParameterIndex.of(config);
    ParameterRates rates =
        ParameterRates.of(
            index,
            p ->
                p.name().startsWith("SpatialTransformer/")
                    ? 0
                    : p.name().startsWith("output_projection/") ? 10 : 1);
    ComputationGraph graph = ViViTGraph.create(config, 3);
    ComputationGraph plain = ViViTGraph.create(config, 3);
    INDArray head =
        plain
            .params()
            .reshape(index.length())
            .get(
                NDArrayIndex.interval(
                    index.parameter("output_projection/kernel").offset(), index.length()));
    head.assign(Nd4j.rand(head.shape()));
    graph.params().assign(plain.params());
    INDArray before = plain.params().reshape(index.length()).dup();
    try (TrainingStep slowed =
            new TrainingStep(graph, new Optimiser(0.9, 0), rates, Recompute.BLOCKS);
        TrainingStep uniform = new TrainingStep(plain, new Optimiser(0.9, 0))) {
      INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.FLOAT);
      INDArray[] labels = TinyModels.labels(config, CLIPS, DataType.FLOAT);
      slowed.accumulate(tokens, labels, Randomness.none(CLIPS));
      slowed.update(1, 0.1, 0.5);
      uniform.step(tokens, labels, 0.1, Randomness.none(CLIPS));
      for (Parameter p : index.parameters()) {
        INDArray start = part(before, p);
        INDArray step = part(uniform.parameters(), p).sub(start);
        boolean frozen = p.name().startsWith("SpatialTransformer/");
        double factor = frozen ? 0 : p.name().startsWith("output_projection/") ? 10 : 1;
        boolean decays = !frozen && p.name().endsWith("kernel");
        INDArray expected = start.add(step.mul(factor)).mul(decays ? 1 - 0.1 * factor * 0.5 : 1);
        assertThat(part(slowed.parameters(), p).equalsWithEps(expected, 2e-6))
            .as(p.name())
            .isTrue();
        if (frozen) {
          assertThat(part(slowed.parameters(), p)).isEqualTo(start);
          assertThat(part(slowed.states().get(0), p).maxNumber().doubleValue()).isZero();
        }
      }
    }
  }

  private static INDArray part(INDArray flat, Parameter p) {
    return flat.get(NDArrayIndex.interval(p.offset(), p.offset() + p.length()));
  }

  private static INDArray rows(INDArray array, long from, long to) {
    return array.get(NDArrayIndex.interval(from, to)).dup('c');
  }

  private static INDArray[] rows(INDArray[] arrays, long from, long to) {
    return Arrays.stream(arrays).map(array -> rows(array, from, to)).toArray(INDArray[]::new);
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
  @Timeout(120)
  void memoryStaysFlatOverHundredsOfSteps() throws InterruptedException {
    ViViTConfig config = TinyModels.factorised(0.5, TinyModels.CLASSES);
    try (TrainingStep step = step(config, new Optimiser(0.9, 1))) {
      for (int i = 0; i < 40; i++) {
        run(step, config, 0.01);
      }
      long before = NativeMemory.settled().bytes();
      for (int i = 0; i < 250; i++) {
        run(step, config, 0.01);
      }
      assertThat(NativeMemory.settled().bytes() - before).isLessThan(1 << 20);
    }
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
