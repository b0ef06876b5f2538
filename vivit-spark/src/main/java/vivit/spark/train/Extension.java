package vivit.spark.train;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.spark.checkpoint.CheckpointState;
import vivit.spark.config.TrainingSettings;
import vivit.spark.schedule.LearningRateSchedule;

/**
 * More epochs for a run than it began with: {@code train.extend}. Only where all that the run has
 * done is what it would have done with so many epochs from the start; then it ends with the same
 * bits as a run that began with them.
 */
final class Extension {
  private static final Logger LOG = LoggerFactory.getLogger(Extension.class);

  private Extension() {}

  /**
   * Checks a run that goes on with another number of steps; any other passes.
   *
   * @param run folder of the run
   * @param state of its newest checkpoint
   * @param planner of the longer run
   * @throws IOException if the longer run is none, or would have begun in another way
   */
  static void check(
      Path run, CheckpointState state, TrainingSettings settings, RoundPlanner planner)
      throws IOException {
    long before = state.totalSteps();
    long now = planner.totalSteps();
    if (now == before) {
      return;
    }
    if (now < before) {
      throw new IOException(
          "Cannot extend %s: it has %d steps, and train.epochs and train.min-steps now give %d; give it more, or choose another train.run"
              .formatted(run, before, now));
    }
    String advice =
        "; begin a new run from its model: another train.run and initialise.from=%s initialise.restore-head=true"
            .formatted(run);
    if (settings.validation().patience() > 0) {
      throw new IOException(
          "Cannot extend %s: train.validate.patience is %d, and what was validated at its end would not have been in a longer run%s"
              .formatted(run, settings.validation().patience(), advice));
    }
    LearningRateSchedule longer = settings.learningRates(planner.stepsPerEpoch());
    LearningRateSchedule shorter = longer.withTotal(before);
    for (long step = 0; step < state.step(); step++) {
      if (longer.at(step) != shorter.at(step)) {
        throw new IOException(
            "Cannot extend %s: its learning rate depends on the length of the run (train.learning-rate.shape): step %d had %s, and with %d steps instead of %d it would have had %s%s"
                .formatted(run, step + 1, shorter.at(step), now, before, longer.at(step), advice));
      }
    }
    long round = 0;
    while (round < state.step()) {
      round = planner.end(round);
    }
    if (round > state.step()) {
      throw new IOException(
          "Cannot extend %s: its last round ended with the run, at step %d, and would have gone on to step %d (train.averaging.every)%s"
              .formatted(run, state.step(), round, advice));
    }
    LOG.info("Extending {} from {} to {} steps, after step {}", run, before, now, state.step());
  }
}
