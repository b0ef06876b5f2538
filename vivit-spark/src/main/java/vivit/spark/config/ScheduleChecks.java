package vivit.spark.config;

import java.util.List;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.Span;
import vivit.spark.schedule.RateShape;
import vivit.spark.schedule.Schedule;
import vivit.spark.schedule.Strength;

/**
 * Records problems for points of schedules that a run of a known length does not reach, or not in
 * the order in which they are written.
 *
 * @param training whose schedules they are
 * @param stepsPerEpoch of the run
 * @param train the section {@code train}
 */
record ScheduleChecks(TrainingSettings training, long stepsPerEpoch, Section train) {

  void check() {
    for (Strength strength : Strength.values()) {
      check(strength.key(), training.schedule(strength));
    }
    check("averaging.every", training.averaging().every());
    if (training.learningRate().shape() instanceof RateShape.Steps shape) {
      check("learning-rate.drops", new Schedule.Stairs(shape.drops()));
    }
  }

  private void check(String key, Schedule schedule) {
    List<Span> points = schedule.points();
    for (int i = 1; i < points.size(); i++) {
      if (steps(points.get(i)) <= steps(points.get(i - 1))) {
        train.problem(
            key,
            String.format(
                "found %s after %s; write points in the order of the run, each once",
                points.get(i), points.get(i - 1)));
      }
    }
    // a ramp may end with the run or later
    List<Span> reached = schedule instanceof Schedule.Ramp ramp ? List.of(ramp.start()) : points;
    long total = training.totalSteps(stepsPerEpoch);
    for (Span point : reached) {
      if (steps(point) > total - 1) {
        train.problem(
            key,
            String.format(
                "the point at %s never comes: the run ends after %d epochs, %d steps; remove it, or"
                    + " train longer",
                point, total / stepsPerEpoch, total));
      }
    }
  }

  private double steps(Span point) {
    return point.steps(stepsPerEpoch);
  }
}
