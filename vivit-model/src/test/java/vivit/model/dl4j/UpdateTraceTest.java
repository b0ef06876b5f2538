package vivit.model.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import vivit.model.TinyModels;
import vivit.model.ViViTConfig;
import vivit.model.engine.UpdateRule;
import vivit.model.engine.UpdateRule.AdamW;
import vivit.model.engine.UpdateRule.Lion;
import vivit.model.engine.UpdateRule.Sgd;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.Randomness;

/**
 * A hundred updates of a whole model, against the rules' formulas in double, written here once more
 * from their papers; with warm-up and cosine, clipping, two micro-batches, frozen parameters, layer
 * decay and weight decay.
 */
class UpdateTraceTest {
  private static final int STEPS = 100;
  private static final int CLIPS = 4;
  private static final double DECAY = 0.3;
  private static final double LARGEST = 1.711;

  static List<UpdateRule> rules() {
    return List.of(
        new Sgd(0.9),
        new Sgd(0),
        new AdamW(0.9, 0.999, 1e-8),
        new AdamW(0.8, 0.95, 1e-3),
        new AdamW(0, 0, 1e-2),
        new Lion(0.9, 0.99));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void equalsTheFormula(UpdateRule rule) {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB);
    ParameterIndex index = ParameterIndex.of(config);
    ParameterRates rates = ParameterRates.of(index, parameter -> factor(parameter.name()));
    ComputationGraph graph = ViViTGraph.create(config, 3);
    ComputationGraph twin = ViViTGraph.create(config, 3);
    Optimiser optimiser = new Optimiser(rule, LARGEST, Optimiser.ClipEach.STEP);
    try (TrainingStep step = new TrainingStep(graph, optimiser, rates, Recompute.NOTHING);
        TrainingStep mirror = new TrainingStep(twin, optimiser, rates, Recompute.NOTHING)) {
      step.parameters().addi(Transforms.sin(ramp(step.parameters())).muli(0.02));
      float[] start = step.parameters().toFloatVector();
      double[] w = step.parameters().castTo(DataType.DOUBLE).toDoubleVector();
      double[][] states = new double[2][w.length];
      int clipped = 0;
      for (int t = 1; t <= STEPS; t++) {
        mirror.parameters().assign(step.parameters());
        accumulate(mirror, config, t);
        double norm = mirror.gradient().gradientNorm();
        clipped += norm > LARGEST ? 1 : 0;
        float[] gradient = mirror.gradients().toFloatVector();
        accumulate(step, config, t);
        step.update(t, rate(t), DECAY);
        for (Parameter parameter : index.parameters()) {
          double rate = rate(t) * factor(parameter.name());
          boolean decays = parameter.name().endsWith("kernel") && rate > 0;
          int from = (int) parameter.offset();
          for (int i = from; i < from + parameter.length(); i++) {
            update(rule, t, w, states, i, gradient[i], rate, decays ? DECAY : 0);
          }
        }
      }
      assertThat(clipped).isBetween(1, STEPS - 1);
      float[] found = step.parameters().toFloatVector();
      for (Parameter parameter : index.parameters()) {
        int from = (int) parameter.offset();
        double worst = 0;
        double largest = 0;
        boolean moved = false;
        for (int i = from; i < from + parameter.length(); i++) {
          worst = Math.max(worst, Math.abs(found[i] - w[i]));
          largest = Math.max(largest, Math.abs(w[i]));
          moved |= found[i] != start[i];
        }
        assertThat(worst).as(parameter.name()).isLessThan(tolerance(rule, largest));
        boolean still = factor(parameter.name()) == 0 || parameter.name().endsWith("key/bias");
        assertThat(still || moved).as(parameter.name()).isTrue();
      }
    }
  }

  private static INDArray ramp(INDArray like) {
    return Nd4j.createFromArray(IntStream.range(0, (int) like.length()).asDoubleStream().toArray())
        .castTo(DataType.FLOAT);
  }

  /**
   * Every step rounds a parameter to float. Lion moves by the whole rate where the sign is that of
   * a rounding error.
   */
  private static double tolerance(UpdateRule rule, double largest) {
    return rule instanceof Lion ? 2 * rate(50) : 1e-6 + STEPS * Math.ulp((float) largest) / 2;
  }

  private static void accumulate(TrainingStep step, ViViTConfig config, int t) {
    for (int part = 0; part < 2; part++) {
      INDArray tokens = TinyModels.tokens(config, CLIPS, DataType.FLOAT).muli(1 + 0.01 * t + part);
      INDArray[] labels = TinyModels.labels(config, CLIPS, DataType.FLOAT);
      step.accumulate(tokens, labels, Randomness.none(CLIPS));
    }
  }

  private static double rate(int t) {
    double rise = Math.min(1, t / 10.0);
    return 1e-3 * rise * 0.5 * (1 + Math.cos(Math.PI * t / STEPS));
  }

  private static double factor(String name) {
    if (name.startsWith("embedding/")) {
      return 0;
    }
    return name.startsWith("SpatialTransformer/") ? 0.65 : 1;
  }

  private static void update(
      UpdateRule rule,
      int t,
      double[] w,
      double[][] s,
      int i,
      double g,
      double rate,
      double decay) {
    if (rule instanceof Sgd sgd) {
      s[0][i] = sgd.momentum() * s[0][i] + g;
      w[i] = (w[i] - rate * s[0][i]) * (1 - rate * decay);
    } else if (rule instanceof AdamW adam) {
      s[0][i] = adam.beta1() * s[0][i] + (1 - adam.beta1()) * g;
      s[1][i] = adam.beta2() * s[1][i] + (1 - adam.beta2()) * g * g;
      double first = s[0][i] / (1 - Math.pow(adam.beta1(), t));
      double second = s[1][i] / (1 - Math.pow(adam.beta2(), t));
      w[i] -= rate * decay * w[i];
      w[i] -= rate * first / (Math.sqrt(second) + adam.epsilon());
    } else if (rule instanceof Lion lion) {
      w[i] -= rate * decay * w[i];
      w[i] -= rate * Math.signum(lion.beta1() * s[0][i] + (1 - lion.beta1()) * g);
      s[0][i] = lion.beta2() * s[0][i] + (1 - lion.beta2()) * g;
    }
  }

  /** Frozen parameters keep zero states, and with a rate of 0 only states change. */
  @Test
  void aRateOfZeroChangesStatesOnly() {
    ViViTConfig config = TinyModels.factorised(0, TinyModels.NOUN, TinyModels.VERB);
    Optimiser adam = new Optimiser(new AdamW(0.9, 0.999, 1e-8), 0, Optimiser.ClipEach.STEP);
    ParameterIndex index = ParameterIndex.of(config);
    ParameterRates rates = ParameterRates.of(index, parameter -> factor(parameter.name()));
    try (TrainingStep step =
        new TrainingStep(ViViTGraph.create(config, 3), adam, rates, Recompute.NOTHING)) {
      INDArray before = step.parameters().dup();
      accumulate(step, config, 1);
      step.update(1, 0, DECAY);
      assertThat(step.parameters()).isEqualTo(before);
      Parameter frozen = index.parameter("embedding/kernel");
      for (INDArray state : step.states()) {
        float[] values = state.toFloatVector();
        boolean moved = false;
        for (int i = 0; i < values.length; i++) {
          boolean inFrozen = i >= frozen.offset() && i < frozen.offset() + frozen.length();
          assertThat(inFrozen && values[i] != 0).isFalse();
          moved |= values[i] != 0;
        }
        assertThat(moved).isTrue();
      }
    }
  }
}
