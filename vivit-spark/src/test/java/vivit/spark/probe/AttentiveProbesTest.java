package vivit.spark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import vivit.model.Head;
import vivit.model.Head.Loss;
import vivit.model.engine.Engine;
import vivit.model.engine.Nd4jEngine;
import vivit.model.engine.Tensor;

/** Attentive probes against plain loops over the formulas, and against central differences. */
class AttentiveProbesTest {
  private static final int CLIPS = 3;
  private static final int TOKENS = 5;
  private static final int WIDTH = 6;
  private static final int ATTENTION_HEADS = 2;
  private static final int HEAD_WIDTH = WIDTH / ATTENTION_HEADS;
  private static final int WIDE = 4 * WIDTH;
  private static final List<Head> HEADS =
      List.of(new Head("noun", 7), new Head("tags", 4, Loss.SIGMOID));
  private static final int CLASSES = 11;
  private static final List<ProbePoint> POINTS =
      List.of(
          new ProbePoint(ProbeKind.ATTENTIVE, 0.01, 0),
          new ProbePoint(ProbeKind.ATTENTIVE, 0.1, 0.5));

  private final Engine engine = new Nd4jEngine(DataType.DOUBLE);
  private final AttentiveProbes probes =
      new AttentiveProbes(engine, HEADS, WIDTH, ATTENTION_HEADS, POINTS, 3);
  private final Random random = new Random(11);
  private final double[] tokens = gaussian(CLIPS * TOKENS * WIDTH);
  private final List<double[]> labels = List.of(oneHot(7), anyOf(4));

  @AfterEach
  void free() {
    engine.close();
  }

  @Test
  void logitsAreThoseOfPlainLoops() {
    randomise();
    double[][][] logits = probes.logits(features());
    for (int probe = 0; probe < POINTS.size(); probe++) {
      double[] parameters = engine.read(probes.vector(probe).values());
      double[][] expected = Naive.logits(parameters, tokens);
      assertThat(logits[probe][0]).containsExactly(expected[0], within(1e-10));
      assertThat(logits[probe][1]).containsExactly(expected[1], within(1e-10));
    }
    assertThat(logits[0][0]).isNotEqualTo(logits[1][0]);
  }

  @Test
  void gradientsOfEveryParameterAreCentralDifferences() {
    randomise();
    double[] losses = probes.learn(features(), labels);
    for (int probe = 0; probe < POINTS.size(); probe++) {
      ProbeVector vector = probes.vector(probe);
      double[] at = engine.read(vector.values());
      double[] gradient = engine.read(vector.gradients());
      assertThat(losses[probe]).isCloseTo(Naive.loss(at, tokens, labels), within(1e-10));
      double step = 1e-5;
      for (int i = 0; i < at.length; i++) {
        double[] x = at.clone();
        x[i] = at[i] + step;
        double above = Naive.loss(x, tokens, labels);
        x[i] = at[i] - step;
        double below = Naive.loss(x, tokens, labels);
        double expected = (above - below) / (2 * step);
        assertThat(gradient[i])
            .as("probe %d, parameter %d", probe, i)
            .isCloseTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
      }
      assertThat(at).hasSize((int) AttentiveProbe.parameters(WIDTH, CLASSES));
    }
  }

  @Test
  void onlyKernelsDecayAndEveryProbeHasItsRate() {
    randomise();
    double[] before = engine.read(probes.vector(1).values());
    probes.learn(features(), labels);
    double[] gradient = engine.read(probes.vector(1).gradients());
    probes.descend(1, CLIPS, 0.5);
    double[] after = engine.read(probes.vector(1).values());
    int kernels = WIDTH * (3 * WIDTH + 2 * WIDE + CLASSES);
    for (int i = 0; i < before.length; i++) {
      double g = gradient[i] / CLIPS;
      double keep = i < kernels ? 1 - 0.05 * 0.5 : 1;
      // after one update the moments are (g, g^2) once their shares are divided out
      double expected = keep * before[i] - 0.05 * g / (Math.abs(g) + 1e-8);
      assertThat(after[i]).as("parameter %d", i).isCloseTo(expected, within(1e-6));
    }
  }

  @Test
  void startsWithTheSameValuesForAllPointsAndWithZeroHeads() {
    double[] first = engine.read(probes.vector(0).values());
    assertThat(engine.read(probes.vector(1).values())).isEqualTo(first);
    assertThat(Arrays.stream(first).filter(value -> value != 0 && value != 1))
        .isNotEmpty()
        .allMatch(value -> Math.abs(value) <= 0.04);
    for (double[] logits : probes.logits(features())[0]) {
      assertThat(logits).containsOnly(0);
    }
  }

  private void randomise() {
    for (int probe = 0; probe < POINTS.size(); probe++) {
      Tensor values = probes.vector(probe).values();
      double[] drawn = gaussian((int) values.length());
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] *= 0.5;
      }
      engine.load(drawn, values);
    }
  }

  private Tensor features() {
    Tensor features = engine.allocate(CLIPS, TOKENS, WIDTH);
    engine.load(tokens, features);
    return features;
  }

  private double[] gaussian(int length) {
    return random.doubles(length).map(unused -> random.nextGaussian()).toArray();
  }

  private static double[] oneHot(int classes) {
    double[] rows = new double[CLIPS * classes];
    for (int clip = 0; clip < CLIPS; clip++) {
      rows[clip * classes + 2 * clip] = 1;
    }
    return rows;
  }

  private static double[] anyOf(int classes) {
    double[] rows = new double[CLIPS * classes];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % 3 == 1 ? 1 : 0;
    }
    return rows;
  }

  /** The formulas of docs/vivit.md, 7.4, clip by clip, with keys and values of every token. */
  private static final class Naive {
    private final double[] parameters;
    private int next;

    private Naive(double[] parameters) {
      this.parameters = parameters;
    }

    /** The next parameter {@code [in, out]}, input index fastest, or {@code [n]}. */
    private double[] take(int length) {
      double[] taken = Arrays.copyOfRange(parameters, next, next + length);
      next += length;
      return taken;
    }

    static double[][] logits(double[] parameters, double[] tokens) {
      Naive flat = new Naive(parameters);
      double[] queryKernel = flat.take(WIDTH * WIDTH);
      double[] keyKernel = flat.take(WIDTH * WIDTH);
      double[] valueKernel = flat.take(WIDTH * WIDTH);
      double[] kernel1 = flat.take(WIDTH * WIDE);
      double[] kernel2 = flat.take(WIDE * WIDTH);
      double[][] classifiers = {flat.take(WIDTH * 7), flat.take(WIDTH * 4)};
      double[] query = flat.take(WIDTH);
      double[] queryBias = flat.take(WIDTH);
      double[] valueBias = flat.take(WIDTH);
      double[] scale = flat.take(WIDTH);
      double[] shift = flat.take(WIDTH);
      double[] bias1 = flat.take(WIDE);
      double[] bias2 = flat.take(WIDTH);
      double[][] biases = {flat.take(7), flat.take(4)};
      double[][] logits = {new double[CLIPS * 7], new double[CLIPS * 4]};
      double[] q = dense(query, queryKernel, queryBias);
      for (int clip = 0; clip < CLIPS; clip++) {
        double[][] keys = new double[TOKENS][];
        double[][] values = new double[TOKENS][];
        for (int i = 0; i < TOKENS; i++) {
          int from = (clip * TOKENS + i) * WIDTH;
          double[] x = Arrays.copyOfRange(tokens, from, from + WIDTH);
          keys[i] = dense(x, keyKernel, new double[WIDTH]);
          values[i] = dense(x, valueKernel, valueBias);
        }
        double[] r = query.clone();
        for (int head = 0; head < ATTENTION_HEADS; head++) {
          attend(q, keys, values, head * HEAD_WIDTH, r);
        }
        double[] hidden = dense(norm(r, scale, shift), kernel1, bias1);
        for (int i = 0; i < WIDE; i++) {
          double x = hidden[i];
          double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
          hidden[i] = x / 2 * (1 + Math.tanh(inner));
        }
        double[] more = dense(hidden, kernel2, bias2);
        for (int c = 0; c < WIDTH; c++) {
          r[c] += more[c];
        }
        for (int head = 0; head < 2; head++) {
          double[] y = dense(r, classifiers[head], biases[head]);
          System.arraycopy(y, 0, logits[head], clip * y.length, y.length);
        }
      }
      return logits;
    }

    private static void attend(
        double[] q, double[][] keys, double[][] values, int from, double[] r) {
      double[] weights = new double[TOKENS];
      double total = 0;
      for (int i = 0; i < TOKENS; i++) {
        double score = 0;
        for (int c = from; c < from + HEAD_WIDTH; c++) {
          score += q[c] * keys[i][c];
        }
        weights[i] = Math.exp(score / Math.sqrt(HEAD_WIDTH));
        total += weights[i];
      }
      for (int i = 0; i < TOKENS; i++) {
        for (int c = from; c < from + HEAD_WIDTH; c++) {
          r[c] += weights[i] / total * values[i][c];
        }
      }
    }

    private static double[] dense(double[] x, double[] kernel, double[] bias) {
      double[] y = bias.clone();
      for (int out = 0; out < y.length; out++) {
        for (int in = 0; in < x.length; in++) {
          y[out] += x[in] * kernel[out * x.length + in];
        }
      }
      return y;
    }

    private static double[] norm(double[] x, double[] scale, double[] shift) {
      double mean = Arrays.stream(x).average().orElseThrow();
      double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      double[] y = new double[x.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = (x[i] - mean) / Math.sqrt(variance + 1e-6) * scale[i] + shift[i];
      }
      return y;
    }

    static double loss(double[] parameters, double[] tokens, List<double[]> labels) {
      double[][] logits = logits(parameters, tokens);
      double loss = 0;
      for (int clip = 0; clip < CLIPS; clip++) {
        double sum = 0;
        for (int k = 0; k < 7; k++) {
          sum += Math.exp(logits[0][clip * 7 + k]);
        }
        for (int k = 0; k < 7; k++) {
          loss -= labels.get(0)[clip * 7 + k] * (logits[0][clip * 7 + k] - Math.log(sum)) / 2;
        }
        for (int k = clip * 4; k < clip * 4 + 4; k++) {
          double sigmoid = 1 / (1 + Math.exp(-logits[1][k]));
          double y = labels.get(1)[k];
          loss -= (y * Math.log(sigmoid) + (1 - y) * Math.log(1 - sigmoid)) / 2;
        }
      }
      return loss;
    }
  }
}
