package vivit.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static vivit.model.GradientCheck.gaussian;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.GradientCheck;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.engine.Nd4jEngine;
import vivit.model.engine.Tensor;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.Randomness;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedDotProduct;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.SpaceTime;
import vivit.model.variant.Variant;

/** The whole network: every gradient against central differences, and the reuse of buffers. */
class BackboneTest {

  /** Time 3, height 2, width 5; every other axis different again. */
  static ViViTConfig config(Variant variant, Readout readout) {
    return new ViViTConfig(
        new ClipShape(3, 2, 10),
        new Tubelet(1, 1, 2),
        14,
        2,
        11,
        variant,
        readout,
        0.5,
        List.of(new Head("classes", 4)));
  }

  static Stream<Arguments> models() {
    return Stream.of(
            new SpaceTime(2),
            new FactorisedEncoder(2, 3),
            new AveragePool(2),
            new FactorisedSelfAttention(2, AttentionOrder.SPACE_TIME),
            new FactorisedSelfAttention(2, AttentionOrder.TIME_SPACE),
            new FactorisedDotProduct(2))
        .flatMap(
            variant ->
                Stream.of(Readout.values())
                    .filter(readout -> readout != Readout.TOKEN || takesToken(variant))
                    .map(readout -> Arguments.of(variant, readout)));
  }

  private static boolean takesToken(Variant variant) {
    return !(variant instanceof FactorisedSelfAttention || variant instanceof FactorisedDotProduct);
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsOfAllParametersAndOfTheTokens(Variant variant, Readout readout) {
    checkGradients(config(variant, readout), new Randomness(new DropPath(0.5, new long[] {1, 2})));
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsUnderDropout(Variant variant, Readout readout) {
    if (readout == Readout.MEAN || readout == Readout.TOKEN) {
      long[] seeds = {3, 4};
      checkGradients(
          config(variant, readout),
          new Randomness(
              new DropPath(0.3, DropPath.Rule.TIMM, seeds), new Dropout(0.3, 0.2, seeds)));
    }
  }

  @Test
  void gradientsThroughTheDenseLayerBeforeTheHeads() {
    ViViTConfig plain = config(new SpaceTime(1), Readout.TOKEN);
    checkGradients(
        new ViViTConfig(
            plain.clip(),
            plain.tubelet(),
            14,
            2,
            11,
            plain.variant(),
            Readout.TOKEN,
            0,
            plain.heads(),
            0,
            9),
        Randomness.none(2));
  }

  private static void checkGradients(ViViTConfig config, Randomness chance) {
    ParameterIndex index = ParameterIndex.backbone(config);
    double[] parameters = gaussian(3, index.length());
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= 0.4;
    }
    double[] tokens = gaussian(4, 2L * 30 * 6);
    double[] cotangent = gaussian(5, 2L * config.representation());
    try (Bound bound = new Bound(config)) {
      double[] gradients = new double[parameters.length];
      double[] tokenGradients = bound.gradients(parameters, tokens, chance, cotangent, gradients);
      GradientCheck.checkAlong(
          "tokens", 6, x -> bound.loss(parameters, x, chance, cotangent), tokens, tokenGradients);
      for (Parameter parameter : index.parameters()) {
        int from = (int) parameter.offset();
        int to = from + (int) parameter.length();
        GradientCheck.checkAlong(
            parameter.name(),
            from,
            x -> {
              double[] changed = parameters.clone();
              System.arraycopy(x, 0, changed, from, x.length);
              return bound.loss(changed, tokens, chance, cotangent);
            },
            Arrays.copyOfRange(parameters, from, to),
            Arrays.copyOfRange(gradients, from, to));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void outputTokensReadOutAreTheRepresentation(Variant variant, Readout readout) {
    ViViTConfig config = config(variant, readout);
    int m = Backbone.outputTokens(config);
    int sequences = variant instanceof AveragePool ? 3 : 1;
    try (Bound bound = new Bound(config)) {
      bound.parameters.assign(Nd4j.createFromArray(gaussian(2, bound.parameters.length())));
      double[] tokens = gaussian(1, 2L * 30 * 6);
      INDArray outputs = Nd4j.valueArrayOf(new long[] {2, m, 14}, Double.NaN, DataType.DOUBLE);
      INDArray representations = bound.infer(tokens, 2, outputs);
      for (int clip = 0; clip < 2; clip++) {
        for (int c = 0; c < 14; c++) {
          double mean = 0;
          for (int sequence = 0; sequence < sequences; sequence++) {
            mean += readOut(readout, outputs, clip, sequence * m / sequences, m / sequences, c);
          }
          assertThat(representations.getDouble(clip, c)).isEqualTo(mean / sequences, within(1e-10));
        }
      }
      assertThat(bound.infer(tokens, 2)).isEqualTo(representations);
    }
  }

  private static double readOut(
      Readout readout, INDArray tokens, int clip, int first, int count, int c) {
    double sum = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = first; i < first + count; i++) {
      sum += tokens.getDouble(clip, i, c);
      largest = Math.max(largest, tokens.getDouble(clip, i, c));
    }
    return switch (readout) {
      case TOKEN, FIRST -> tokens.getDouble(clip, first, c);
      case MEAN -> sum / count;
      case SUM -> sum;
      case MAX -> largest;
    };
  }

  @Test
  void outputTokensThatAreNotReadAreNormalisedToo() {
    double[] tokens = gaussian(1, 2L * 30 * 6);
    INDArray first = Nd4j.create(DataType.DOUBLE, 2, 30, 14);
    INDArray mean = Nd4j.create(DataType.DOUBLE, 2, 30, 14);
    try (Bound one = new Bound(config(new SpaceTime(2), Readout.FIRST));
        Bound all = new Bound(config(new SpaceTime(2), Readout.MEAN))) {
      one.parameters.assign(Nd4j.createFromArray(gaussian(2, one.parameters.length())));
      all.parameters.assign(one.parameters);
      one.infer(tokens, 2, first);
      all.infer(tokens, 2, mean);
    }
    assertThat(first.equalsWithEps(mean, 1e-12)).isTrue();
  }

  @Test
  void otherBatchSizesRearrangeTheSameMemory() {
    ViViTConfig config = config(new FactorisedEncoder(2, 2), Readout.TOKEN);
    double[] tokens = gaussian(1, 4L * 30 * 6);
    try (Bound bound = new Bound(config)) {
      bound.parameters.assign(Nd4j.createFromArray(gaussian(2, bound.parameters.length())));
      INDArray four = bound.train(tokens, 4);
      INDArray two = bound.train(Arrays.copyOf(tokens, 2 * 30 * 6), 2);
      INDArray again = bound.train(tokens, 4);
      INDArray inferred = bound.infer(tokens, 4);
      assertThat(again).isEqualTo(four);
      assertThat(two.toDoubleMatrix()[1]).containsExactly(four.toDoubleMatrix()[1], within(1e-12));
      assertThat(inferred.equalsWithEps(four, 1e-12)).isTrue();
    }
  }

  @Test
  void refusesOtherShapesAndMissingPasses() {
    ViViTConfig config = config(new AveragePool(1), Readout.MEAN);
    try (Bound bound = new Bound(config)) {
      assertThatThrownBy(() -> bound.train(new double[2 * 30 * 7], 2, 7))
          .hasMessage("Tokens of shape [2, 30, 7], expected [clips, 30, 6]");
      assertThatThrownBy(
              () -> bound.backbone.backward(bound.adopt(Nd4j.create(DataType.DOUBLE, 2, 14))))
          .hasMessageContaining("backward without a training pass");
      INDArray tokens = Nd4j.create(DataType.DOUBLE, 2, 30, 6);
      assertThatThrownBy(
              () ->
                  bound.backbone.train(
                      bound.adopt(tokens),
                      new Randomness(DropPath.draw(0.5, 3, 1)),
                      bound.adopt(Nd4j.create(DataType.DOUBLE, 2, 14))))
          .hasMessage("Drop masks for 3 clips in a batch of 2");
      INDArray wrong = Nd4j.create(DataType.DOUBLE, 5);
      assertThatThrownBy(
              () -> new Backbone(bound.engine, config, Recompute.NOTHING, bound.adopt(wrong)))
          .hasMessageContaining("The flat vector has 5 elements, expected");
    }
  }

  /** A network on its own engine and vectors. */
  private static final class Bound implements AutoCloseable {
    private final ViViTConfig config;
    private final Nd4jEngine engine = new Nd4jEngine(DataType.DOUBLE);
    private final INDArray parameters;
    private final INDArray gradients;
    private final Backbone backbone;

    Bound(ViViTConfig config) {
      this(config, Recompute.NOTHING);
    }

    Bound(ViViTConfig config, Recompute recompute) {
      this.config = config;
      long length = ParameterIndex.backbone(config).length();
      parameters = Nd4j.create(DataType.DOUBLE, length);
      gradients = Nd4j.valueArrayOf(new long[] {length}, Double.NaN, DataType.DOUBLE);
      backbone = new Backbone(engine, config, recompute, adopt(parameters));
      backbone.bindGradients(adopt(gradients));
    }

    Tensor adopt(INDArray array) {
      return engine.adopt(array);
    }

    double loss(double[] values, double[] tokens, Randomness chance, double[] cotangent) {
      parameters.assign(Nd4j.createFromArray(values));
      INDArray out = Nd4j.create(DataType.DOUBLE, 2, config.representation());
      backbone.train(adopt(Nd4j.createFromArray(tokens).reshape(2, 30, 6)), chance, adopt(out));
      return GradientCheck.dot(out.reshape(out.length()).toDoubleVector(), cotangent);
    }

    double[] gradients(
        double[] values, double[] tokens, Randomness chance, double[] cotangent, double[] into) {
      loss(values, tokens, chance, cotangent);
      INDArray dTokens = Nd4j.create(DataType.DOUBLE, 2, 30, 6);
      backbone.backward(
          adopt(Nd4j.createFromArray(cotangent).reshape(2, config.representation())),
          adopt(dTokens));
      System.arraycopy(gradients.toDoubleVector(), 0, into, 0, into.length);
      return dTokens.reshape(dTokens.length()).toDoubleVector();
    }

    INDArray train(double[] tokens, int clips) {
      return train(tokens, clips, 6);
    }

    INDArray train(double[] tokens, int clips, int values) {
      INDArray out = Nd4j.create(DataType.DOUBLE, clips, config.representation());
      backbone.train(
          adopt(Nd4j.createFromArray(tokens).reshape(clips, 30, values)),
          Randomness.none(clips),
          adopt(out));
      return out;
    }

    INDArray infer(double[] tokens, int clips) {
      INDArray out = Nd4j.create(DataType.DOUBLE, clips, config.representation());
      backbone.infer(adopt(Nd4j.createFromArray(tokens).reshape(clips, 30, 6)), adopt(out));
      return out;
    }

    INDArray infer(double[] tokens, int clips, INDArray outputs) {
      INDArray out = Nd4j.create(DataType.DOUBLE, clips, config.representation());
      backbone.infer(
          adopt(Nd4j.createFromArray(tokens).reshape(clips, 30, 6)), adopt(out), adopt(outputs));
      return out;
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
