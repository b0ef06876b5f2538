package vivit.spark.config;

import java.util.OptionalInt;
import vivit.dataprep.config.Section;
import vivit.spark.config.TrainingSettings.Augmentation;
import vivit.spark.config.TrainingSettings.Checkpoints;
import vivit.spark.config.TrainingSettings.LearningRate;
import vivit.spark.config.TrainingSettings.OnNonFinite;
import vivit.spark.config.TrainingSettings.Regularisation;
import vivit.spark.config.TrainingSettings.Reporting;
import vivit.spark.schedule.Schedule;

/** Reads the section {@code train}. */
final class TrainingReader {
  private static final double BELOW_ONE = Math.nextDown(1.0);

  private TrainingReader() {}

  static TrainingSettings read(Section train, long seed) {
    TrainingSettings settings =
        new TrainingSettings(
            train.text("shards"),
            train.text("run"),
            seed,
            workers(train),
            train.integer("epochs", 1, 1_000_000),
            train.integer("batch-size", 1, 1_000_000),
            train.integer("averaging-frequency", 1, 1_000_000),
            new LearningRate(
                train.section("learning-rate").number("base", 1e-12, 1e6),
                train.section("learning-rate").span("warmup")),
            train.number("momentum", 0, BELOW_ONE),
            train.number("max-gradient-norm", 0, Double.MAX_VALUE),
            regularisation(train),
            augmentation(train),
            checkpoints(train.section("checkpoint")),
            new Reporting(
                train.choice("on-non-finite", OnNonFinite.class),
                train.integer("log-every", 1, 1_000_000),
                train.flag("ledger")));
    check(settings, train);
    return settings;
  }

  private static OptionalInt workers(Section train) {
    return train.optionalText("workers").isPresent()
        ? OptionalInt.of(train.integer("workers", 1, 100_000))
        : OptionalInt.empty();
  }

  private static Regularisation regularisation(Section train) {
    return new Regularisation(
        schedule(train, "drop-path", BELOW_ONE),
        schedule(train, "mixup", 1000),
        train.integer("mixup-group", 2, 1_000_000),
        schedule(train, "label-smoothing", BELOW_ONE));
  }

  private static Augmentation augmentation(Section train) {
    Section jitter = train.section("scale-jitter");
    Augmentation augmentation =
        new Augmentation(
            schedule(jitter, "probability", 1),
            jitter.number("min", 0.01, 100),
            jitter.number("max", 0.01, 100),
            schedule(train, "flip", 1));
    if (augmentation.minScale() > augmentation.maxScale()) {
      jitter.problem(
          "min",
          String.format(
              "found %s, above max %s; swap them",
              augmentation.minScale(), augmentation.maxScale()));
    }
    return augmentation;
  }

  private static Checkpoints checkpoints(Section checkpoint) {
    Checkpoints checkpoints =
        new Checkpoints(
            checkpoint.span("every"),
            checkpoint.integer("keep", 1, 1_000_000),
            checkpoint.flag("keep-best") ? 1 : 0);
    if (checkpoints.every().amount() == 0) {
      checkpoint.problem("every", "found 0; expected for example 500 steps or 1 epoch");
    }
    return checkpoints;
  }

  private static Schedule schedule(Section section, String key, double max) {
    try {
      Schedule schedule = Schedule.parse(section.text(key));
      if (schedule.min() >= 0 && schedule.max() <= max) {
        return schedule;
      }
      section.problem(
          key,
          String.format(
              "goes from %s to %s; expected values from 0 to %s",
              schedule.min(), schedule.max(), max == BELOW_ONE ? "below 1" : max));
    } catch (IllegalArgumentException unreadable) {
      section.problem(key, unreadable.getMessage());
    }
    return new Schedule.Constant(0);
  }

  private static void check(TrainingSettings settings, Section train) {
    if (settings.batchSize() % settings.group() != 0) {
      train.problem(
          "batch-size",
          String.format(
              "found %d, which mixup groups of %d do not divide; use a multiple",
              settings.batchSize(), settings.group()));
    }
    int groups = settings.batchSize() / settings.group();
    if (settings.workers().isPresent() && settings.workers().getAsInt() > groups) {
      train.problem(
          "workers",
          String.format(
              "%d workers share %d clips a step in groups of %d, so some would never train; use at"
                  + " most %d",
              settings.workers().getAsInt(), settings.batchSize(), settings.group(), groups));
    }
  }
}
