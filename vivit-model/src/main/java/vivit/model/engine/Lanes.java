package vivit.model.engine;

import vivit.model.engine.Engine.Descent;
import vivit.model.engine.UpdateRule.AdamW;
import vivit.model.engine.UpdateRule.Lion;
import vivit.model.engine.UpdateRule.Sgd;

/** Loops over small arrays, simple enough for the compiler to vectorise. */
final class Lanes {

  private static final float SCALE = (float) Math.sqrt(2 / Math.PI);
  private static final float CUBIC = 0.044715f;

  // tanh(u) = u P(u^2) / Q(u^2) to within 2e-8 for |u| <= 9, beyond which a float's tanh is 1;
  // fitted by weighted least squares with the weights of a minimax approximation. At the limit it
  // is exactly 1: 1 - tanh^2 must vanish there, because GELU's derivative multiplies it by x^3
  private static final float LIMIT = 9.05f;
  private static final float P1 = 1.3381025e-1f;
  private static final float P2 = 3.4955884e-3f;
  private static final float P3 = 2.0609086e-5f;
  private static final float P4 = 1.3354664e-8f;
  private static final float Q1 = 4.6714342e-1f;
  private static final float Q2 = 2.5876984e-2f;
  private static final float Q3 = 3.2856353e-4f;
  private static final float Q4 = 7.77656e-7f;

  private Lanes() {}

  /** {@code a += b}. */
  static void add(float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      a[i] += b[i];
    }
  }

  /** {@code a *= b}. */
  static void multiply(float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      a[i] *= b[i];
    }
  }

  /** {@code a *= factor}. */
  static void scale(float[] a, float factor, int count) {
    for (int i = 0; i < count; i++) {
      a[i] *= factor;
    }
  }

  /** {@code a = a + factor b}. */
  static void addScaled(float[] a, float factor, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      a[i] += factor * b[i];
    }
  }

  /** {@code a = max(a, b)}. */
  static void max(float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      a[i] = Math.max(a[i], b[i]);
    }
  }

  /**
   * Per row {@code b = a (b - sum(a b))}: the step from gradients b of the probabilities a to
   * gradients of the scores.
   */
  static void softmaxGradient(float[] a, float[] b, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      rowSoftmaxGradient(a, b, row * columns, row * columns + columns);
    }
  }

  private static void rowSoftmaxGradient(float[] a, float[] b, int from, int to) {
    float sum = dot(a, b, from, to);
    for (int i = from; i < to; i++) {
      b[i] = a[i] * (b[i] - sum);
    }
  }

  /**
   * Sum of {@code a b}, in four partial sums, because additions into a single one would wait for
   * each other.
   */
  static float dot(float[] a, float[] b, int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < to; i++) {
      s0 += a[i] * b[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  static double sumOfSquares(float[] a, int count) {
    double even = 0;
    double odd = 0;
    for (int i = 0; i + 1 < count; i += 2) {
      even += (double) a[i] * a[i];
      odd += (double) a[i + 1] * a[i + 1];
    }
    return count % 2 == 0 ? even + odd : even + odd + (double) a[count - 1] * a[count - 1];
  }

  /** {@code a = tanh(a)}. */
  static void tanh(float[] a, int count) {
    for (int i = 0; i < count; i++) {
      float u = Math.max(-LIMIT, Math.min(LIMIT, a[i]));
      float q = u * u;
      float p = (((P4 * q + P3) * q + P2) * q + P1) * q + 1;
      float r = (((Q4 * q + Q3) * q + Q2) * q + Q1) * q + 1;
      a[i] = u * p / r;
    }
  }

  /** {@code a = (1 - b^2) a}. */
  static void tanhGradient(float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      a[i] *= 1 - b[i] * b[i];
    }
  }

  /** {@code a = gelu(a)}. */
  static void gelu(float[] a, int count) {
    for (int i = 0; i < count; i++) {
      float x = a[i];
      float u = SCALE * x * (1 + CUBIC * x * x);
      u = Math.max(-LIMIT, Math.min(LIMIT, u));
      float q = u * u;
      float p = (((P4 * q + P3) * q + P2) * q + P1) * q + 1;
      float r = (((Q4 * q + Q3) * q + Q2) * q + Q1) * q + 1;
      a[i] = 0.5f * x * (1 + u * p / r);
    }
  }

  /** {@code a = gelu'(b) a}. */
  static void geluGradient(float[] a, float[] b, int count) {
    for (int i = 0; i < count; i++) {
      float x = b[i];
      float square = x * x;
      float u = SCALE * x * (1 + CUBIC * square);
      u = Math.max(-LIMIT, Math.min(LIMIT, u));
      float q = u * u;
      float p = (((P4 * q + P3) * q + P2) * q + P1) * q + 1;
      float r = (((Q4 * q + Q3) * q + Q2) * q + Q1) * q + 1;
      float t = u * p / r;
      float derivative = SCALE * (1 + 3 * CUBIC * square);
      a[i] *= 0.5f * (1 + t + x * (1 - t * t) * derivative);
    }
  }

  /** {@link Engine#descend} on chunks: w in a, the states in b, g in c. */
  static void descend(float[] a, float[][] b, float[] c, int count, Descent descent) {
    if (descent.rule() instanceof Sgd sgd) {
      sgd(a, b[0], c, count, sgd, descent);
    } else if (descent.rule() instanceof AdamW adam) {
      adam(a, b[0], b[1], c, count, adam, descent);
    } else if (descent.rule() instanceof Lion lion) {
      lion(a, b[0], c, count, lion, descent);
    }
  }

  private static void sgd(float[] a, float[] b, float[] c, int count, Sgd sgd, Descent descent) {
    float divisor = (float) descent.divisor();
    float shrink = (float) descent.shrink();
    float mu = (float) sgd.momentum();
    float rate = (float) descent.rate();
    float factor = (float) descent.factor();
    float keep = (float) descent.keep();
    for (int i = 0; i < count; i++) {
      float v = b[i] * mu + c[i] / divisor * shrink;
      b[i] = v;
      a[i] = (a[i] - v * rate * factor) * keep;
    }
  }

  private static void adam(
      float[] w, float[] m, float[] v, float[] c, int count, AdamW adam, Descent descent) {
    float share = (float) (descent.shrink() / descent.divisor());
    float new1 = (float) (1 - adam.beta1());
    float old2 = (float) adam.beta2();
    float new2 = (float) (1 - adam.beta2());
    float epsilon = (float) adam.epsilon();
    double rate = descent.rate() * descent.factor();
    float step = (float) (rate / adam.firstShare(descent.updates()));
    float root = (float) (1 / Math.sqrt(adam.secondShare(descent.updates())));
    float keep = (float) descent.keep();
    for (int i = 0; i < count; i++) {
      float g = c[i] * share;
      float first = m[i] + new1 * (g - m[i]);
      float second = v[i] * old2 + new2 * g * g;
      m[i] = first;
      v[i] = second;
      w[i] = w[i] * keep - step * first / ((float) Math.sqrt(second) * root + epsilon);
    }
  }

  private static void lion(float[] w, float[] m, float[] c, int count, Lion lion, Descent descent) {
    float divisor = (float) descent.divisor();
    float shrink = (float) descent.shrink();
    float old1 = (float) lion.beta1();
    float new1 = (float) (1 - lion.beta1());
    float old2 = (float) lion.beta2();
    float new2 = (float) (1 - lion.beta2());
    float step = (float) (descent.rate() * descent.factor());
    float keep = (float) descent.keep();
    for (int i = 0; i < count; i++) {
      float g = c[i] / divisor * shrink;
      w[i] = w[i] * keep - step * Math.signum(m[i] * old1 + g * new1);
      m[i] = m[i] * old2 + g * new2;
    }
  }
}
