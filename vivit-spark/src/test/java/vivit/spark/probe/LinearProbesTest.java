package vivit.spark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import vivit.model.Head;
import vivit.model.engine.Engine;
import vivit.model.engine.Nd4jEngine;
import vivit.model.engine.Tensor;

/** Linear probes against a plain loop of softmax regression with AdamW, in double. */
class LinearProbesTest {
  private static final int CLIPS = 30;
  private static final int WIDTH = 5;
  private static final int CLASSES = 3;
  private static final List<ProbePoint> POINTS =
      List.of(
          new ProbePoint(ProbeKind.LINEAR, 0.02, 0), new ProbePoint(ProbeKind.LINEAR, 0.1, 0.3));

  private final Engine engine = new Nd4jEngine(DataType.DOUBLE);
  private final LinearProbes probes =
      new LinearProbes(engine, List.of(new Head("label", CLASSES)), WIDTH, POINTS);
  private final double[][] x = new double[CLIPS][WIDTH];
  private final int[] classes = new int[CLIPS];

  LinearProbesTest() {
    Random random = new Random(5);
    for (int i = 0; i < CLIPS; i++) {
      classes[i] = i % CLASSES;
      for (int j = 0; j < WIDTH; j++) {
        x[i][j] = random.nextGaussian() * 0.3 + (j == classes[i] ? 3 : 0);
      }
    }
  }

  @AfterEach
  void free() {
    engine.close();
  }

  @Test
  void stepsAreThoseOfPlainSoftmaxRegression() {
    Regression[] plain = {new Regression(), new Regression()};
    Tensor features = features();
    List<double[]> labels = labels();
    for (int step = 1; step <= 12; step++) {
      double share = 1.0 / step;
      double[] losses = probes.learn(features, labels);
      probes.descend(step, CLIPS, share);
      for (int probe = 0; probe < plain.length; probe++) {
        ProbePoint point = POINTS.get(probe);
        double loss = plain[probe].step(step, share * point.rate(), point.weightDecay());
        assertThat(losses[probe]).as("step %d", step).isCloseTo(loss, within(1e-9));
      }
    }
    double[][][] logits = probes.logits(features);
    for (int probe = 0; probe < plain.length; probe++) {
      for (int i = 0; i < CLIPS; i++) {
        for (int k = 0; k < CLASSES; k++) {
          assertThat(logits[probe][0][i * CLASSES + k])
              .isCloseTo(plain[probe].logit(x[i], k), within(1e-9));
        }
      }
    }
  }

  @Test
  void separableClassesAreLearntWithoutAnError() {
    Tensor features = features();
    for (int step = 1; step <= 200; step++) {
      probes.learn(features, labels());
      probes.descend(step, CLIPS, 1);
    }
    for (double[][] logits : probes.logits(features)) {
      int right = 0;
      for (int i = 0; i < CLIPS; i++) {
        double truth = logits[0][i * CLASSES + classes[i]];
        boolean best = true;
        for (int k = 0; k < CLASSES; k++) {
          best &= k == classes[i] || logits[0][i * CLASSES + k] < truth;
        }
        right += best ? 1 : 0;
      }
      assertThat(right).isEqualTo(CLIPS);
    }
  }

  private Tensor features() {
    Tensor features = engine.allocate(CLIPS, WIDTH);
    double[] flat = new double[CLIPS * WIDTH];
    for (int i = 0; i < CLIPS; i++) {
      System.arraycopy(x[i], 0, flat, i * WIDTH, WIDTH);
    }
    engine.load(flat, features);
    return features;
  }

  private List<double[]> labels() {
    double[] rows = new double[CLIPS * CLASSES];
    for (int i = 0; i < CLIPS; i++) {
      rows[i * CLASSES + classes[i]] = 1;
    }
    return List.of(rows);
  }

  /** Softmax regression, weight by weight. */
  private final class Regression {
    private final double[][] w = new double[CLASSES][WIDTH + 1]; // the last is the bias
    private final double[][] m = new double[CLASSES][WIDTH + 1];
    private final double[][] v = new double[CLASSES][WIDTH + 1];

    double logit(double[] features, int k) {
      double logit = w[k][WIDTH];
      for (int j = 0; j < WIDTH; j++) {
        logit += w[k][j] * features[j];
      }
      return logit;
    }

    double step(int t, double rate, double decay) {
      double[][] gradient = new double[CLASSES][WIDTH + 1];
      double loss = 0;
      for (int i = 0; i < CLIPS; i++) {
        double sum = 0;
        for (int k = 0; k < CLASSES; k++) {
          sum += Math.exp(logit(x[i], k));
        }
        for (int k = 0; k < CLASSES; k++) {
          double p = Math.exp(logit(x[i], k)) / sum;
          double slope = p - (k == classes[i] ? 1 : 0);
          loss -= k == classes[i] ? Math.log(p) : 0;
          for (int j = 0; j < WIDTH; j++) {
            gradient[k][j] += slope * x[i][j] / CLIPS;
          }
          gradient[k][WIDTH] += slope / CLIPS;
        }
      }
      for (int k = 0; k < CLASSES; k++) {
        for (int j = 0; j <= WIDTH; j++) {
          m[k][j] = 0.9 * m[k][j] + 0.1 * gradient[k][j];
          v[k][j] = 0.999 * v[k][j] + 0.001 * gradient[k][j] * gradient[k][j];
          double update =
              m[k][j]
                  / (1 - Math.pow(0.9, t))
                  / (Math.sqrt(v[k][j] / (1 - Math.pow(0.999, t))) + 1e-8);
          w[k][j] = w[k][j] * (j < WIDTH ? 1 - rate * decay : 1) - rate * update;
        }
      }
      return loss;
    }
  }
}
