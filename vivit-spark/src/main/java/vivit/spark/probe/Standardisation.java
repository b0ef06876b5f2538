package vivit.spark.probe;

import java.util.List;
import vivit.model.engine.Engine;

/**
 * Prepares features for probes, without parameters that are learned.
 *
 * @param mean of every element of the representations, {@code [r]}
 * @param deviation their standard deviations, {@code [r]}; the variance gets {@link #EPSILON} more
 */
record Standardisation(double[] mean, double[] deviation) {
  private static final double EPSILON = 1e-6;

  /** The mean and deviation of these representations, summed in double in the given order. */
  static Standardisation of(List<float[]> representations) {
    int width = representations.get(0).length;
    double[] mean = new double[width];
    for (float[] one : representations) {
      for (int i = 0; i < width; i++) {
        mean[i] += one[i];
      }
    }
    for (int i = 0; i < width; i++) {
      mean[i] /= representations.size();
    }
    double[] deviation = new double[width];
    for (float[] one : representations) {
      for (int i = 0; i < width; i++) {
        deviation[i] += (one[i] - mean[i]) * (one[i] - mean[i]);
      }
    }
    for (int i = 0; i < width; i++) {
      deviation[i] = Math.sqrt(deviation[i] / representations.size() + EPSILON);
    }
    return new Standardisation(mean, deviation);
  }

  /** The representation with mean 0 and variance 1 in every element. */
  float[] apply(float[] representation) {
    float[] standard = new float[representation.length];
    for (int i = 0; i < standard.length; i++) {
      standard[i] = (float) ((representation[i] - mean[i]) / deviation[i]);
    }
    return standard;
  }

  /** Layer norm of every token {@code [n, d]} without scale and bias, in place. */
  static void normaliseTokens(float[] tokens, int width) {
    for (int row = 0; row < tokens.length; row += width) {
      double sum = 0;
      for (int i = row; i < row + width; i++) {
        sum += tokens[i];
      }
      double mean = sum / width;
      double squares = 0;
      for (int i = row; i < row + width; i++) {
        squares += (tokens[i] - mean) * (tokens[i] - mean);
      }
      double deviation = Math.sqrt(squares / width + Engine.LAYER_NORM_EPSILON);
      for (int i = row; i < row + width; i++) {
        tokens[i] = (float) ((tokens[i] - mean) / deviation);
      }
    }
  }
}
