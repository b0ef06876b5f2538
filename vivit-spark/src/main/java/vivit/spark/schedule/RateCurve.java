package vivit.spark.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The loss of a rate sweep: a short training in which the rate rises geometrically from step to
 * step. From it follows a rate to train with. Not thread-safe.
 *
 * <p>The loss is smoothed exponentially, {@code a <- b a + (1 - b) loss}, and divided by {@code 1 -
 * b^i} after {@code i} losses, as the average begins at 0.
 *
 * @see <a href="https://arxiv.org/abs/1506.01186">Smith, Cyclical Learning Rates</a>
 */
public final class RateCurve {
  /** The highest rate, as a multiple of the base rate. */
  public static final double HIGHEST = 100;

  /** The lowest rate, as a share of the highest. */
  public static final double LOWEST = 1e-6;

  /** Smoothed losses above this multiple of the lowest end the sweep. */
  private static final double DIVERGED = 4;

  /** Losses have to fall below this share of the first for a rate to be suggested. */
  private static final double FALLEN = 0.98;

  /** Steps of the sweep over the mean weight of the smoothing. */
  private static final double SMOOTHNESS = 30;

  /** Steps of the sweep over those on each side from which a slope is taken. */
  private static final int SLOPE = 50;

  private final int steps;
  private final double kept;
  private final List<RatePoint> points = new ArrayList<>();
  private double average;
  private boolean diverged;

  /**
   * A step of the sweep.
   *
   * @param step from 0
   * @param loss mean over the step's clips
   */
  public record RatePoint(long step, double rate, double loss, double smoothed) {}

  /**
   * Begins a curve.
   *
   * @param steps of the whole sweep
   */
  public RateCurve(int steps) {
    this.steps = steps;
    this.kept = Math.max(0, 1 - SMOOTHNESS / steps);
  }

  /** Adds the next step. A loss that is not finite ends the sweep. */
  public void add(double rate, double loss) {
    if (!Double.isFinite(loss)) {
      diverged = true;
      return;
    }
    average = kept * average + (1 - kept) * loss;
    double smoothed = average / (1 - Math.pow(kept, points.size() + 1));
    points.add(new RatePoint(points.size(), rate, loss, smoothed));
    diverged = smoothed > DIVERGED * points.get(lowest()).smoothed();
  }

  /** Ends the sweep: parameters or gradients are not finite any more. */
  public void diverge() {
    diverged = true;
  }

  /** Whether the sweep should end, or all its steps are done. */
  public boolean hasEnded() {
    return diverged || points.size() >= steps;
  }

  /** Whether the loss or the parameters have grown without bounds. */
  public boolean hasDiverged() {
    return diverged;
  }

  /** The steps that have been added. */
  public List<RatePoint> points() {
    return List.copyOf(points);
  }

  /** The step with the lowest smoothed loss; empty before the first. */
  public Optional<RatePoint> best() {
    return points.isEmpty() ? Optional.empty() : Optional.of(points.get(lowest()));
  }

  private int lowest() {
    int lowest = 0;
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).smoothed() < points.get(lowest).smoothed()) {
        lowest = i;
      }
    }
    return lowest;
  }

  /**
   * The rate at which the smoothed loss falls fastest, in the logarithm of the rate, before its
   * minimum; of as many steps earlier as the smoothed loss is old on average. Empty if the loss
   * does not fall.
   */
  public OptionalDouble suggestion() {
    int lowest = points.isEmpty() ? 0 : lowest();
    if (points.isEmpty() || points.get(lowest).smoothed() > FALLEN * points.get(0).smoothed()) {
      return OptionalDouble.empty();
    }
    int side = Math.max(1, steps / SLOPE);
    int steepest = lowest;
    double slope = 0;
    for (int i = side; i <= lowest && i + side < points.size(); i++) {
      double here = points.get(i + side).smoothed() - points.get(i - side).smoothed();
      if (here < slope) {
        slope = here;
        steepest = i;
      }
    }
    int age = (int) Math.round(kept / (1 - kept));
    return OptionalDouble.of(points.get(Math.max(0, steepest - age)).rate());
  }

  /** A table of all steps, comma-separated, with a line of names. */
  public String csv() {
    StringBuilder csv = new StringBuilder("step,learning_rate,loss,smoothed_loss\n");
    for (RatePoint point : points) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%d,%s,%s,%s\n",
              point.step(),
              point.rate(),
              point.loss(),
              point.smoothed()));
    }
    return csv.toString();
  }
}
