package vivit.spark.config;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import vivit.dataprep.config.Section;
import vivit.model.dl4j.Optimiser;
import vivit.model.network.Backbone.Recompute;
import vivit.model.regularise.DropPath;
import vivit.spark.config.TrainingSettings.Checkpointing;
import vivit.spark.config.TrainingSettings.OnNonFinite;
import vivit.spark.config.TrainingSettings.Reporting;
import vivit.spark.config.TrainingSettings.Sampling;
import vivit.spark.config.TrainingSettings.Updates;
import vivit.spark.input.ClipAugmenter.Augmentation;
import vivit.spark.input.Mirroring.FlipDirection;
import vivit.spark.input.RandAugment;
import vivit.spark.input.ResizedCrop;
import vivit.spark.schedule.Schedule;
import vivit.spark.schedule.Strength;

/** Reads the section {@code train}. */
final class TrainingReader {
  private static final int MANY = 1_000_000;
  private static final int LAYERS = 100;
  private static final double LARGEST_DEVIATION = 10;

  private TrainingReader() {}

  static TrainingSettings read(Section train, long seed) {
    int batchSize = train.integer("batch-size", 1, MANY);
    TrainingSettings settings =
        new TrainingSettings(
            train.place("shards"),
            train.place("run"),
            seed,
            workers(train),
            train.integer("epochs", 1, MANY),
            train.integer("min-steps", 0, Integer.MAX_VALUE),
            train.flag("extend"),
            batchSize,
            train.integer("repeats", 1, MANY),
            train.choice("sampling", Sampling.class),
            new ClassWeighting(
                train.choice("class-weights", ClassWeighting.WeightRule.class),
                train.numbers("class-weight-factors", 0, MANY)),
            AveragingReader.read(train.section("averaging")),
            LearningRateReader.read(train.section("learning-rate"), batchSize),
            updates(train),
            schedules(train),
            train.integer("mixup-group", 2, MANY),
            train.choice("drop-path-rule", DropPath.Rule.class),
            augmentation(train),
            checkpoints(train.section("checkpoint")),
            new Reporting(
                train.choice("on-non-finite", OnNonFinite.class),
                train.integer("log-every", 1, MANY),
                train.flag("ledger")),
            ValidationSettings.read(train.section("validate")));
    TrainingChecks.check(settings, train);
    return settings;
  }

  private static OptionalInt workers(Section train) {
    return train.optionalText("workers").isPresent()
        ? OptionalInt.of(train.integer("workers", 1, 100_000))
        : OptionalInt.empty();
  }

  private static Updates updates(Section train) {
    Map<ParameterGlob, Double> freeze = new LinkedHashMap<>();
    train.texts("freeze").forEach(text -> glob(train, "freeze", text, freeze, 0.0));
    return new Updates(
        new Optimiser(
            UpdateRules.read(train),
            train.number("max-gradient-norm", 0, Double.MAX_VALUE),
            train.choice("clip-each", Optimiser.ClipEach.class)),
        train.integer("micro-batch", 0, MANY),
        train.choice("recompute", Recompute.class),
        List.copyOf(freeze.keySet()));
  }

  static void glob(
      Section section, String key, String text, Map<ParameterGlob, Double> into, double factor) {
    try {
      into.put(new ParameterGlob(text), factor);
    } catch (IllegalArgumentException empty) {
      section.problem(key, "found " + empty.getMessage());
    }
  }

  private static Map<Strength, Schedule> schedules(Section train) {
    Map<Strength, Schedule> schedules = new EnumMap<>(Strength.class);
    for (Strength strength : Strength.values()) {
      schedules.put(strength, ScheduleReader.read(train, strength.key(), 0, strength.max()));
    }
    if (train.section("rand-augment").integer("layers", 0, LAYERS) == 0) {
      schedules.put(Strength.RAND_AUGMENT, new Schedule.Constant(0));
    }
    return schedules;
  }

  private static Augmentation augmentation(Section train) {
    Section jitter = train.section("scale-jitter");
    Augmentation augmentation =
        new Augmentation(
            jitter.number("min", 0.01, 100),
            jitter.number("max", 0.01, 100),
            new ResizedCrop(
                train.section("resized-crop").number("min-area", 0, 1),
                train.section("resized-crop").number("aspect", 1, 100)),
            train.choice("flip-direction", FlipDirection.class),
            randAugment(train.section("rand-augment")));
    if (augmentation.minScale() > augmentation.maxScale()) {
      jitter.problem(
          "min",
          String.format(
              "found %s, above max %s; swap them",
              augmentation.minScale(), augmentation.maxScale()));
    }
    return augmentation;
  }

  private static RandAugment randAugment(Section section) {
    RandAugment.AugmentRule rule = section.choice("rule", RandAugment.AugmentRule.class);
    double deviation = section.number("deviation", 0, LARGEST_DEVIATION);
    if (deviation > 0 && rule != RandAugment.AugmentRule.TIMM) {
      section.problem(
          "deviation",
          String.format(
              "found %s, but the original code's magnitude does not vary; set rule to timm, or"
                  + " deviation to 0",
              deviation));
    }
    return new RandAugment(rule, section.integer("layers", 0, LAYERS), deviation);
  }

  private static Checkpointing checkpoints(Section checkpoint) {
    return new Checkpointing(
        interval(checkpoint),
        checkpoint.integer("keep", 1, MANY),
        checkpoint.flag("keep-best") ? 1 : 0);
  }

  private static CheckpointInterval interval(Section checkpoint) {
    String text = checkpoint.text("every");
    Optional<CheckpointInterval> interval = CheckpointInterval.parse(text);
    if (interval.isEmpty()) {
      checkpoint.problem(
          "every", "found %s; expected %s".formatted(text, CheckpointInterval.EXPECTED));
    }
    return interval.orElseGet(CheckpointInterval.Computed::new);
  }
}
