package vivit.spark.probe;

import java.util.Arrays;
import vivit.model.engine.Arena;
import vivit.model.engine.Engine;
import vivit.model.engine.Tensor;

/**
 * Softmax-weighted means of tokens for any number of directions at once: {@code m_u = sum_i
 * softmax_i(scale x_i . u) x_i}.
 *
 * <p>This is the cross-attention of a single query before its value projection: with one query per
 * attention head, {@code q_h . (W_h x_i) = x_i . (W_h^T q_h)}, and the value projection of a mean
 * is the mean of the projections. So a probe costs {@code n d} multiply-adds per attention head and
 * not {@code n d^2}, and all probes of a batch share the matrix products.
 */
final class AttentivePooling {
  private final Engine engine;
  private final int width;
  private final int directions;
  private final double scale;
  private final Tensor noBias;
  private final Arena arena;
  private final Arena scratch;
  private Tensor tokens;
  private Tensor weights;

  AttentivePooling(Engine engine, int width, int directions, double scale) {
    this.engine = engine;
    this.width = width;
    this.directions = directions;
    this.scale = scale;
    this.arena = new Arena(engine);
    this.scratch = new Arena(engine);
    this.noBias = engine.allocate(Math.max(width, directions));
    engine.fill(noBias, 0);
  }

  /**
   * Computes the means of a batch.
   *
   * @param x tokens {@code [b, n, d]}; must not change until {@link #backward}
   * @param u directions {@code [u, d]}
   * @return {@code [u, b, d]}, valid until the next call
   */
  Tensor forward(Tensor x, Tensor u) {
    arena.rewind();
    tokens = x;
    int clips = Math.toIntExact(x.shape()[0]);
    long n = x.shape()[1];
    weights = arena.take(clips, n, directions);
    Tensor means = arena.take(clips, directions, width); // [b, u, d]
    Tensor byDirection = arena.take(directions, clips, width);
    Tensor kernel = asKernel(u, 0);
    for (int clip = 0; clip < clips; clip++) {
      scratch.rewind();
      Tensor mine = x.rowMajor(clip * n * width, n, width);
      Tensor w = weights.rowMajor(clip * n * directions, n, directions);
      engine.linear(mine, kernel, noBias.rowMajor(0, directions), w);
      double[] scores = engine.read(w);
      softmax(scores);
      engine.load(scores, w);
      // the mean over tokens has the form of a kernel's gradient
      engine.linearParameterGradient(
          mine, w, asKernel(means, (long) clip * directions * width), scratch.take(directions));
    }
    engine.copy(swapped(means, clips, directions), byDirection);
    return byDirection;
  }

  /**
   * Computes the directions' gradient after {@link #forward}.
   *
   * @param dMeans {@code [u, b, d]}
   * @param dU {@code [u, d]}, written
   */
  void backward(Tensor dMeans, Tensor dU) {
    int clips = Math.toIntExact(tokens.shape()[0]);
    long n = tokens.shape()[1];
    Tensor dByClip = arena.take(clips, directions, width);
    Tensor slopes = arena.take(n, directions);
    engine.copy(swapped(dMeans, directions, clips), dByClip);
    for (int clip = 0; clip < clips; clip++) {
      Tensor mine = tokens.rowMajor(clip * n * width, n, width);
      Tensor w = weights.rowMajor(clip * n * directions, n, directions);
      engine.linear(
          mine,
          asKernel(dByClip, (long) clip * directions * width),
          noBias.rowMajor(0, directions),
          slopes);
      double[] p = engine.read(w);
      softmaxGradient(p, engine.read(slopes));
      engine.load(p, w); // the weights are not needed any more
    }
    engine.linearParameterGradient(tokens, weights, asKernel(dU, 0), arena.take(directions));
  }

  /** Rows {@code [u, d]} from an offset as a kernel {@code [d, u]}. */
  private Tensor asKernel(Tensor rows, long offset) {
    return rows.view(offset, new long[] {width, directions}, new long[] {1, width});
  }

  /** The view {@code [b, a, d]} of a tensor {@code [a, b, d]}. */
  private Tensor swapped(Tensor x, long a, long b) {
    return x.view(0, new long[] {b, a, width}, new long[] {width, b * width, 1});
  }

  /** Replaces scores {@code [n, u]} by the softmax over n of their multiple. */
  private void softmax(double[] scores) {
    double[] largest = new double[directions];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < scores.length; i += directions) {
      for (int u = 0; u < directions; u++) {
        largest[u] = Math.max(largest[u], scores[i + u]);
      }
    }
    double[] sum = new double[directions];
    for (int i = 0; i < scores.length; i += directions) {
      for (int u = 0; u < directions; u++) {
        scores[i + u] = Math.exp(scale * (scores[i + u] - largest[u]));
        sum[u] += scores[i + u];
      }
    }
    for (int i = 0; i < scores.length; i += directions) {
      for (int u = 0; u < directions; u++) {
        scores[i + u] /= sum[u];
      }
    }
  }

  /** Replaces weights p {@code [n, u]} by the gradient of the scores. */
  private void softmaxGradient(double[] p, double[] slopes) {
    double[] mean = new double[directions];
    for (int i = 0; i < p.length; i += directions) {
      for (int u = 0; u < directions; u++) {
        mean[u] += p[i + u] * slopes[i + u];
      }
    }
    for (int i = 0; i < p.length; i += directions) {
      for (int u = 0; u < directions; u++) {
        p[i + u] *= scale * (slopes[i + u] - mean[u]);
      }
    }
  }
}
