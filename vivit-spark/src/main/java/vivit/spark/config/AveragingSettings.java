package vivit.spark.config;

import vivit.spark.exchange.Packing;
import vivit.spark.schedule.Schedule;

/**
 * How workers are averaged: when, by which rule, and what travels; docs/vivit.md, 5.6.
 *
 * @param every steps of a round, rounded down
 * @param quadratic c of the quadratic rule, which makes rounds longer as the learning rate falls; 0
 *     for none
 * @param outer the rule
 * @param momentum of the rule, in [0, 1); 0 with {@code AVERAGE}
 * @param rate of the rule; 1 with {@code AVERAGE}
 * @param states what becomes of the optimiser's states
 * @param wire how the workers' differences travel
 */
public record AveragingSettings(
    Schedule every,
    double quadratic,
    Outer outer,
    double momentum,
    double rate,
    States states,
    Packing wire) {

  /** The rule that turns the mean of the workers' differences into new parameters. */
  public enum Outer {
    /** The mean of the workers. */
    AVERAGE,
    /** Slow momentum on the mean difference (Wang et al., 2020). */
    SLOWMO,
    /** SGD with Nesterov momentum on the mean difference (DiLoCo, Douillard et al., 2023). */
    NESTEROV
  }

  /** What becomes of the optimiser's states at the end of a round of several steps. */
  public enum States {
    /** They are averaged as the parameters are. */
    AVERAGE,
    /** They begin at zero in every round. */
    RESET,
    /** Every worker keeps its own. */
    KEEP
  }

  /**
   * Steps of the round that begins at a step.
   *
   * @param learningRate of that step; while the warm-up lasts, that at its end
   */
  public long steps(long step, long stepsPerEpoch, double learningRate) {
    double planned = Math.max(1, Math.floor(every.at(step, stepsPerEpoch)));
    double shrunk = quadratic / learningRate; // infinite at a rate of 0
    double longer = quadratic == 0 ? 0 : Math.floor(shrunk * shrunk);
    return (long) Math.min(Math.max(planned, longer), 1e9);
  }

  /** Whether every round of the run is a single step. */
  public boolean everyStep() {
    return every.max() < 2 && quadratic == 0;
  }
}
