package vivit.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static vivit.model.GradientCheck.gaussian;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.GradientCheck;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.Readout;
import vivit.model.ViViTConfig;
import vivit.model.engine.Nd4jEngine;
import vivit.model.engine.Tensor;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.model.variant.SpaceTime;

/** Class weights: the loss in plain loops, and every gradient against central differences. */
class HeadsTest {
  private static final int CLIPS = 3;
  private static final int WIDTH = 6;
  private static final List<double[]> WEIGHTS =
      List.of(new double[] {0.2, 3, 1, 0, 1.7}, new double[] {2, 0.5});

  /** Mixed and smoothed labels, which sum to one. */
  private static final List<double[]> LABELS =
      List.of(
          new double[] {0, 1, 0, 0, 0, 0.3, 0, 0, 0.7, 0, 0.04, 0.04, 0.84, 0.04, 0.04},
          new double[] {1, 0, 0.25, 0.75, 0.5, 0.5});

  private static ViViTConfig config(Head... heads) {
    return new ViViTConfig(
        new ClipShape(1, 1, 2),
        new Tubelet(1, 1, 2),
        WIDTH,
        2,
        4,
        new SpaceTime(1),
        Readout.TOKEN,
        0,
        List.of(heads));
  }

  /** Heads over a flat vector of parameters, in double. */
  private static final class Learnt {
    private final Nd4jEngine engine = new Nd4jEngine(DataType.DOUBLE);
    private final ViViTConfig config = config(new Head("noun", 5), new Head("verb", 2));
    private final INDArray parameters;
    private final INDArray gradients;
    private final INDArray representationGradients = Nd4j.create(DataType.DOUBLE, CLIPS, WIDTH);
    private final Heads.Scores scores;

    Learnt(double[] values, double[] representations, List<double[]> weights) {
      parameters = Nd4j.createFromArray(values);
      gradients = Nd4j.create(DataType.DOUBLE, values.length);
      Heads heads =
          new Heads(engine, config, engine.adopt(parameters), engine.adopt(gradients), weights);
      Tensor x = engine.adopt(Nd4j.createFromArray(representations).reshape(CLIPS, WIDTH));
      scores = heads.learn(x, LABELS, engine.adopt(representationGradients));
    }
  }

  private static double[] parameters(ViViTConfig config) {
    return gaussian(1, ParameterIndex.of(config).length());
  }

  @Test
  void theLossIsThatOfWeightedLabels() {
    ViViTConfig config = config(new Head("noun", 5), new Head("verb", 2));
    double[] values = parameters(config);
    double[] x = gaussian(2, CLIPS * WIDTH);

    double expected = 0;
    for (int head = 0; head < 2; head++) {
      int classes = config.heads().get(head).classes();
      double[] kernel = values(config, values, head, "/kernel");
      double[] bias = values(config, values, head, "/bias");
      for (int clip = 0; clip < CLIPS; clip++) {
        double[] logits = bias.clone();
        for (int i = 0; i < WIDTH; i++) {
          for (int k = 0; k < classes; k++) {
            logits[k] += x[clip * WIDTH + i] * kernel[k * WIDTH + i]; // column-major
          }
        }
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        for (int k = 0; k < classes; k++) {
          double y = LABELS.get(head)[clip * classes + k];
          expected -= WEIGHTS.get(head)[k] * y * Math.log(Math.exp(logits[k]) / sum) / 2;
        }
      }
    }

    assertThat(new Learnt(values, x, WEIGHTS).scores.loss()).isEqualTo(expected, within(1e-12));
    assertThat(new Learnt(values, x, List.of()).scores.loss()).isNotCloseTo(expected, within(1e-2));
  }

  private static double[] values(ViViTConfig config, double[] all, int head, String part) {
    String name = ParameterIndex.headRoot(config, config.heads().get(head)) + part;
    Parameter found =
        ParameterIndex.of(config).parameters().stream()
            .filter(parameter -> parameter.name().equals(name))
            .findFirst()
            .orElseThrow();
    int from = (int) found.offset();
    return Arrays.copyOfRange(all, from, from + (int) found.length());
  }

  @Test
  void gradientsAreThoseOfTheWeightedLoss() {
    double[] values = parameters(config(new Head("noun", 5), new Head("verb", 2)));
    double[] x = gaussian(2, CLIPS * WIDTH);
    Learnt learnt = new Learnt(values, x, WEIGHTS);

    GradientCheck.check(
        "parameters",
        at -> new Learnt(at, x, WEIGHTS).scores.loss(),
        values,
        learnt.gradients.toDoubleVector(),
        1);
    GradientCheck.check(
        "representations",
        at -> new Learnt(values, at, WEIGHTS).scores.loss(),
        x,
        learnt.representationGradients.reshape((long) CLIPS * WIDTH).toDoubleVector(),
        1);
  }

  @Test
  void weightsOfOneAreNone() {
    double[] values = parameters(config(new Head("noun", 5), new Head("verb", 2)));
    double[] x = gaussian(2, CLIPS * WIDTH);
    List<double[]> ones = List.of(new double[] {1, 1, 1, 1, 1}, new double[] {1, 1});

    Learnt none = new Learnt(values, x, List.of());
    Learnt one = new Learnt(values, x, ones);

    assertThat(one.scores.loss()).isEqualTo(none.scores.loss());
    assertThat(one.gradients.distance2(none.gradients)).isLessThan(1e-14);
  }

  @Test
  void onlySoftmaxHeadsHaveClassWeights() {
    ViViTConfig config = config(new Head("mood", 2, Loss.SIGMOID));
    Nd4jEngine engine = new Nd4jEngine(DataType.DOUBLE);
    Tensor flat = engine.adopt(Nd4j.createFromArray(parameters(config)));
    assertThatThrownBy(() -> new Heads(engine, config, flat, flat, List.of(new double[] {1, 2})))
        .hasMessage("2 class weights of mood, expected 2 of a softmax head");
  }
}
