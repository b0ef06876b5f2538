package vivit.spark.config;

import vivit.dataprep.config.Section;
import vivit.dataprep.text.Kebab;
import vivit.spark.config.AveragingSettings.Outer;
import vivit.spark.config.AveragingSettings.States;
import vivit.spark.exchange.Packing;
import vivit.spark.schedule.Schedule;
import vivit.spark.schedule.Strength;

/** Reads the section {@code train.averaging}. */
final class AveragingReader {
  private static final double LONGEST = 1_000_000;
  private static final double SLOWMO_MOMENTUM = 0.7;
  private static final double NESTEROV_MOMENTUM = 0.9;
  private static final double NESTEROV_RATE = 0.7;

  private AveragingReader() {}

  static AveragingSettings read(Section averaging) {
    Outer outer = averaging.choice("outer", Outer.class);
    double momentum = outer == Outer.NESTEROV ? NESTEROV_MOMENTUM : SLOWMO_MOMENTUM;
    double rate = outer == Outer.NESTEROV ? NESTEROV_RATE : 1;
    AveragingSettings settings =
        new AveragingSettings(
            every(averaging),
            optional(averaging, "quadratic", 0, Double.MIN_NORMAL, LONGEST),
            outer,
            optional(
                averaging,
                "momentum",
                outer == Outer.AVERAGE ? 0 : momentum,
                0,
                Strength.BELOW_ONE),
            optional(averaging, "rate", rate, Double.MIN_NORMAL, 1000),
            averaging.choice("state", States.class),
            averaging.choice("wire", Packing.class));
    check(settings, averaging);
    return settings;
  }

  private static double optional(
      Section averaging, String key, double usual, double min, double max) {
    return averaging.optionalText(key).isPresent() ? averaging.number(key, min, max) : usual;
  }

  private static Schedule every(Section averaging) {
    Schedule every = ScheduleReader.read(averaging, "every", 1, LONGEST);
    if (!(every instanceof Schedule.Ramp)) {
      for (double value : every.values()) {
        if (value != Math.rint(value)) {
          averaging.problem(
              "every", "found %s; a round has a whole number of steps".formatted(value));
        }
      }
    }
    return every;
  }

  private static void check(AveragingSettings settings, Section averaging) {
    if (settings.outer() == Outer.AVERAGE) {
      for (String key : new String[] {"momentum", "rate"}) {
        if (averaging.optionalText(key).isPresent()) {
          averaging.problem(
              key,
              "found %s, but train.averaging.outer=average has none; use slowmo or nesterov"
                  .formatted(averaging.text(key)));
        }
      }
    }
    if (settings.everyStep() && settings.outer() != Outer.AVERAGE) {
      averaging.problem(
          "outer",
          "found %s, but with train.averaging.every=1 there is no difference between workers to"
                  .formatted(Kebab.of(settings.outer()))
              + " apply it to: their gradients are averaged; set every higher, or outer=average");
    }
    boolean single = settings.every().min() < 2;
    if (single && settings.states() != States.AVERAGE) {
      averaging.problem(
          "state",
          ("found %s, but rounds of one step average gradients, and the optimiser then has one state;"
                  + " set every to at least 2 throughout, or state=average")
              .formatted(Kebab.of(settings.states())));
    }
    if (single && settings.wire() != Packing.FLOAT32) {
      averaging.problem(
          "wire",
          ("found %s, but rounds of one step average gradients, which have to arrive as they are; set"
                  + " every to at least 2 throughout, or wire=float32")
              .formatted(Kebab.of(settings.wire())));
    }
  }
}
