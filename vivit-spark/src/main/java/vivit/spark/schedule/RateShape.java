package vivit.spark.schedule;

import java.util.ArrayList;
import java.util.List;
import vivit.dataprep.config.Span;

/**
 * How the learning rate changes over a run.
 *
 * <p>In all formulas {@code s} counts the updates already done, {@code W} is the warm-up in steps
 * (may be fractional) and {@code T} the steps of the whole run. All shapes but {@link OneCycle}
 * multiply a linear rise {@code min(1, s/W)} by a fall along {@code p = max(0, s-W) / (T -
 * floor(W))}, so with any warm-up their first update has a rate of 0.
 */
public sealed interface RateShape {

  /** The names of the shapes, in the configuration. */
  enum ShapeName {
    COSINE,
    CONSTANT,
    POLYNOMIAL,
    ONE_CYCLE,
    STEPS
  }

  /** The rate of the update that follows {@code step} updates of a run. */
  double at(long step, LearningRateSchedule run);

  /**
   * Half a cosine: {@code end + (1 - end) (1 + cos(pi frac(p))) / 2}. With {@code end} 0 this is
   * the original ViViT training's {@code constant * cosine_decay * linear_warmup}.
   *
   * @param end share of the base rate that remains at the end
   */
  record Cosine(double end) implements RateShape {
    @Override
    public double at(long step, LearningRateSchedule run) {
      double progress = run.progress(step);
      double fall = 0.5 * (1 + Math.cos(Math.PI * (progress - Math.floor(progress))));
      return run.risen(step) * (end + (1 - end) * fall);
    }
  }

  /** The base rate after the warm-up. */
  record Flat() implements RateShape {
    @Override
    public double at(long step, LearningRateSchedule run) {
      return run.risen(step);
    }
  }

  /**
   * A power: {@code end + (1 - end) (1 - p)^power}; a straight line with a power of 1.
   *
   * @param end share of the base rate that remains at the end
   */
  record Polynomial(double power, double end) implements RateShape {
    @Override
    public double at(long step, LearningRateSchedule run) {
      double left = Math.max(0, 1 - run.progress(step));
      return run.risen(step) * (end + (1 - end) * Math.pow(left, power));
    }
  }

  /**
   * PyTorch's {@code OneCycleLR} with its defaults, two phases of half a cosine each: from 1/25 of
   * the base rate to the base rate at step {@code W - 1}, then down to 1/250,000 at the last step,
   * {@code T - 1}. Momentum stays as it is, where PyTorch's cycles too.
   *
   * @see <a href="https://arxiv.org/abs/1708.07120">Smith and Topin, Super-Convergence</a>
   */
  record OneCycle() implements RateShape {
    private static final double FIRST = 1.0 / 25;
    private static final double LAST = FIRST / 1e4;

    @Override
    public double at(long step, LearningRateSchedule run) {
      double peak = run.warmup() - 1;
      double share =
          step < peak
              ? between(FIRST, 1, step / peak)
              : between(1, LAST, (step - peak) / (run.total() - 1 - peak));
      return run.base() * share;
    }

    private static double between(double from, double to, double share) {
      return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * share));
    }
  }

  /**
   * Drops at points of the run: the base rate, times the factor of the last drop that has been
   * reached.
   *
   * @param drops factors on the base rate, and where they begin
   */
  record Steps(List<Schedule.Stairs.Stair> drops) implements RateShape {
    public Steps {
      drops = List.copyOf(drops);
    }

    @Override
    public double at(long step, LearningRateSchedule run) {
      List<Schedule.Stairs.Stair> stairs = new ArrayList<>(drops);
      stairs.add(new Schedule.Stairs.Stair(1, new Span(0, Span.Unit.STEPS)));
      return run.risen(step) * new Schedule.Stairs(stairs).at(step, run.stepsPerEpoch());
    }
  }

  /**
   * A geometric rise to the base rate, for a {@link RateCurve}: {@code lowest^(1 - s / (steps -
   * 1))} of it, without warm-up.
   *
   * @param lowest share of the base rate at the first step
   * @param steps of the rise; later ones keep the base rate
   */
  record Sweep(double lowest, long steps) implements RateShape {
    @Override
    public double at(long step, LearningRateSchedule run) {
      double share = steps < 2 ? 1 : Math.min(1, step / (steps - 1.0));
      return run.base() * Math.pow(lowest, 1 - share);
    }
  }
}
