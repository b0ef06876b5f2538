package vivit.spark.train;

import java.io.Serializable;
import vivit.spark.config.AveragingSettings.Outer;

/**
 * A step of the outer rule at the end of a round; docs/vivit.md, 5.6. With x where the round
 * started and D the workers' mean difference, x minus their mean:
 *
 * <ul>
 *   <li>{@code AVERAGE}: {@code x <- x - D}
 *   <li>{@code SLOWMO}: {@code u <- b u + D / inner; x <- x - a inner u}
 *   <li>{@code NESTEROV}: {@code u <- b u + D; x <- x - a (D + b u)}
 * </ul>
 *
 * @param momentum b
 * @param rate a
 * @param inner learning rate of the round: the mean over its steps
 */
record OuterStep(Outer outer, double momentum, double rate, double inner) implements Serializable {

  /**
   * Computes new parameters.
   *
   * @param start x
   * @param difference D
   * @param buffer u, overwritten
   * @param parameters overwritten
   */
  void apply(float[] start, float[] difference, float[] buffer, float[] parameters, int count) {
    for (int i = 0; i < count; i++) {
      double d = difference[i];
      double step = d;
      if (outer == Outer.NESTEROV) {
        double u = momentum * buffer[i] + d;
        buffer[i] = (float) u;
        step = rate * (d + momentum * u);
      } else if (outer == Outer.SLOWMO && inner > 0) { // else nothing has moved
        double u = momentum * buffer[i] + d / inner;
        buffer[i] = (float) u;
        step = rate * inner * u;
      }
      parameters[i] = (float) (start[i] - step);
    }
  }
}
