package vivit.model.engine;

import java.util.Arrays;

/** The operations as plain loops over row-major arrays. */
final class Naive {

  private Naive() {}

  static double[] linear(double[] x, double[] w, double[] b, int in) {
    int out = b.length;
    int n = x.length / in;
    double[] y = new double[n * out];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < out; j++) {
        y[i * out + j] = b[j];
        for (int k = 0; k < in; k++) {
          y[i * out + j] += x[i * in + k] * w[k * out + j];
        }
      }
    }
    return y;
  }

  static double[] gelu(double[] x) {
    return Arrays.stream(x)
        .map(v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))))
        .toArray();
  }

  static double[] layerNorm(double[] x, double[] scale, double[] shift) {
    int d = scale.length;
    double[] y = new double[x.length];
    for (int row = 0; row < x.length; row += d) {
      double mean = Arrays.stream(x, row, row + d).sum() / d;
      double variance = Arrays.stream(x, row, row + d).map(v -> (v - mean) * (v - mean)).sum() / d;
      for (int j = 0; j < d; j++) {
        y[row + j] = (x[row + j] - mean) / Math.sqrt(variance + 1e-6) * scale[j] + shift[j];
      }
    }
    return y;
  }

  static double[] attention(double[] packed, int b, int n, int heads, int dh) {
    int d = heads * dh;
    double[] out = new double[b * n * d];
    for (int s = 0; s < b; s++) {
      for (int h = 0; h < heads; h++) {
        for (int q = 0; q < n; q++) {
          double[] scores = new double[n];
          for (int k = 0; k < n; k++) {
            for (int j = 0; j < dh; j++) {
              scores[k] +=
                  packed[(s * n + q) * 3 * d + h * dh + j]
                      / Math.sqrt(dh)
                      * packed[(s * n + k) * 3 * d + d + h * dh + j];
            }
          }
          double largest = Arrays.stream(scores).max().orElseThrow();
          double[] weights = Arrays.stream(scores).map(v -> Math.exp(v - largest)).toArray();
          double sum = Arrays.stream(weights).sum();
          for (int k = 0; k < n; k++) {
            for (int j = 0; j < dh; j++) {
              out[(s * n + q) * d + h * dh + j] +=
                  weights[k] / sum * packed[(s * n + k) * 3 * d + 2 * d + h * dh + j];
            }
          }
        }
      }
    }
    return out;
  }

  static double[] add(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  static double[] times(double factor, double[] x) {
    return Arrays.stream(x).map(v -> factor * v).toArray();
  }

  static double[] ones(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** {@code [a, b, c]} to {@code [b, a, c]}. */
  static double[] swapAxes(double[] x, int a, int b, int c) {
    double[] swapped = new double[x.length];
    for (int i = 0; i < a; i++) {
      for (int j = 0; j < b; j++) {
        System.arraycopy(x, (i * b + j) * c, swapped, (j * a + i) * c, c);
      }
    }
    return swapped;
  }
}
