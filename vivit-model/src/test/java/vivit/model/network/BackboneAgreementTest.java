package vivit.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static vivit.model.GradientCheck.gaussian;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.Head;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.engine.Engine;
import vivit.model.engine.Nd4jEngine;
import vivit.model.engine.OneDnnEngine;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.DropPath;
import vivit.model.regularise.Dropout;
import vivit.model.regularise.Randomness;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.Variant;

/** The whole network, forward and backward, on both engines. */
class BackboneAgreementTest {

  /** Relative to the largest number of a result; 5 times what ND4J in float32 reaches. */
  private static final double BOUND = 1e-5;

  /** Parameters' gradients are taken to be at least this share of the largest of all. */
  private static final double LEAST = 0.01;

  private static final int CLIPS = 3;
  private static final long[] SEEDS = {1, 2, 3};

  @ParameterizedTest
  @MethodSource("vivit.model.network.BackboneTest#models")
  void nothingLeftToChance(Variant variant, Readout readout) {
    check(BackboneTest.config(variant, readout), Randomness.none(CLIPS));
  }

  @ParameterizedTest
  @MethodSource("vivit.model.network.BackboneTest#models")
  void dropPath(Variant variant, Readout readout) {
    check(BackboneTest.config(variant, readout), new Randomness(new DropPath(0.5, SEEDS)));
  }

  @ParameterizedTest
  @MethodSource("vivit.model.network.BackboneTest#models")
  void dropPathAndDropout(Variant variant, Readout readout) {
    check(
        BackboneTest.config(variant, readout),
        new Randomness(new DropPath(0.3, DropPath.Rule.TIMM, SEEDS), new Dropout(0.3, 0.2, SEEDS)));
  }

  /** Results of a pass: representations, parameter gradients, token gradients. */
  private record Results(double[] out, double[] inferred, double[] gradients, double[] tokens) {}

  /** Large enough that several threads share every operation. */
  @ParameterizedTest
  @MethodSource("variants")
  void workThatIsShared(Variant variant) {
    ViViTConfig config =
        new ViViTConfig(
            new ClipShape(8, 28, 28),
            new Tubelet(2, 4, 4),
            64,
            4,
            130,
            variant,
            Readout.MEAN,
            0.5,
            List.of(new Head("classes", 4)));
    check(config, new Randomness(new DropPath(0.3, SEEDS), new Dropout(0.1, 0.1, SEEDS)));
  }

  static Stream<Variant> variants() {
    return BackboneTest.models().map(model -> (Variant) model.get()[0]).distinct();
  }

  private static void check(ViViTConfig config, Randomness chance) {
    Results expected =
        run(new Nd4jEngine(DataType.DOUBLE), DataType.DOUBLE, config, Recompute.NOTHING, chance);
    ParameterIndex index = ParameterIndex.backbone(config);
    // a key's bias changes nothing, and its gradient is what rounding leaves of larger numbers
    double least = LEAST * largest(expected.gradients());
    for (Recompute recompute : Recompute.values()) {
      Results found = run(new OneDnnEngine(3), DataType.FLOAT, config, recompute, chance);
      compare("representations", found.out(), expected.out(), 0);
      compare("inferred representations", found.inferred(), expected.inferred(), 0);
      compare("token gradients", found.tokens(), expected.tokens(), 0);
      for (Parameter parameter : index.parameters()) {
        compare(parameter.name(), slice(found, parameter), slice(expected, parameter), least);
      }
    }
  }

  private static double[] slice(Results results, Parameter parameter) {
    int from = (int) parameter.offset();
    return Arrays.copyOfRange(results.gradients(), from, from + (int) parameter.length());
  }

  private static void compare(String what, double[] found, double[] expected, double least) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    double bound = BOUND * Math.max(least, largest(expected));
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(found[i] - expected[i])); // NaN stays NaN
    }
    assertThat(worst).as("difference of " + what).isLessThanOrEqualTo(bound);
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  private static Results run(
      Engine fresh, DataType type, ViViTConfig config, Recompute recompute, Randomness chance) {
    long length = ParameterIndex.backbone(config).length();
    INDArray parameters = array(type, 3, length).muli(0.4);
    INDArray gradients = Nd4j.valueArrayOf(new long[] {length}, Double.NaN, type);
    INDArray tokens = array(type, 4, CLIPS, config.grid().tokens(), config.tubelet().values());
    INDArray out = Nd4j.valueArrayOf(new long[] {CLIPS, config.representation()}, Double.NaN, type);
    INDArray inferred = out.dup();
    INDArray dTokens = Nd4j.valueArrayOf(tokens.shape(), Double.NaN, type);
    INDArray above = array(type, 5, CLIPS, config.representation());
    try (Engine engine = fresh) {
      Backbone backbone = new Backbone(engine, config, recompute, engine.adopt(parameters));
      backbone.bindGradients(engine.adopt(gradients));
      backbone.infer(engine.adopt(tokens), engine.adopt(inferred));
      backbone.train(engine.adopt(tokens), chance, engine.adopt(out));
      backbone.backward(engine.adopt(above), engine.adopt(dTokens));
      return new Results(values(out), values(inferred), values(gradients), values(dTokens));
    }
  }

  /** Gaussian numbers that float32 holds exactly. */
  private static INDArray array(DataType type, int seed, long... shape) {
    double[] values = gaussian(seed, Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    INDArray floats = Nd4j.createFromArray(values).castTo(DataType.FLOAT);
    return floats.castTo(type).reshape(shape);
  }

  private static double[] values(INDArray array) {
    return array.reshape(array.length()).toDoubleVector();
  }
}
