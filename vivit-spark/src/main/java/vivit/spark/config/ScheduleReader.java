package vivit.spark.config;

import vivit.dataprep.config.Section;
import vivit.spark.schedule.Schedule;
import vivit.spark.schedule.Strength;

/** Reads a key that may be a schedule. */
final class ScheduleReader {
  private ScheduleReader() {}

  /**
   * Reads a schedule, and records a problem if it is none or leaves the permitted range.
   *
   * @param min smallest permitted value, returned if the schedule is wrong
   * @param max largest permitted value
   */
  static Schedule read(Section section, String key, double min, double max) {
    try {
      Schedule schedule = Schedule.parse(section.text(key));
      if (schedule.min() >= min && schedule.max() <= max) {
        return schedule;
      }
      section.problem(
          key,
          String.format(
              "%s; expected %s from %s to %s",
              schedule instanceof Schedule.Constant
                  ? "found " + shown(schedule.max())
                  : "goes from %s to %s".formatted(shown(schedule.min()), shown(schedule.max())),
              schedule instanceof Schedule.Constant ? "a number" : "values",
              shown(min),
              max == Strength.BELOW_ONE ? "below 1" : shown(max)));
    } catch (IllegalArgumentException unreadable) {
      section.problem(key, unreadable.getMessage());
    }
    return new Schedule.Constant(min);
  }

  private static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
