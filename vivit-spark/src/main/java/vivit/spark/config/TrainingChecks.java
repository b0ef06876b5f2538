package vivit.spark.config;

import java.util.OptionalInt;
import vivit.dataprep.config.Section;
import vivit.dataprep.text.Kebab;
import vivit.model.dl4j.Optimiser.ClipEach;
import vivit.spark.config.ClassWeighting.WeightRule;
import vivit.spark.config.TrainingSettings.Sampling;
import vivit.spark.exchange.Packing;
import vivit.spark.input.RandAugment;
import vivit.spark.schedule.Strength;

/** Records problems for contradictions between keys of the section {@code train}. */
final class TrainingChecks {

  private TrainingChecks() {}

  static void check(TrainingSettings settings, Section train) {
    checkSizes(settings, train);
    checkMicroBatch(settings, train);
    checkAugmentation(settings, train);
    checkWire(settings, train);
    if (settings.sampling() == Sampling.BALANCED
        && settings.classWeights().rule() != WeightRule.NONE) {
      train.problem(
          "class-weights",
          "balanced sampling already shows every class equally often; set class-weights to none, or"
              + " sampling to all");
    }
    boolean colour =
        settings.schedule(Strength.COLOUR_JITTER).max() > 0
            || settings.schedule(Strength.GREY).max() > 0;
    if (settings.augmentation().randAugment().layers() > 0 && colour) {
      train.problem(
          "rand-augment.layers",
          "RandAugment leaves no room for colour jitter; set layers to 0, or"
              + " colour-jitter.probability and colour-jitter.grey");
    }
  }

  private static void checkAugmentation(TrainingSettings settings, Section train) {
    double magnitude = settings.schedule(Strength.RAND_AUGMENT).max();
    if (settings.augmentation().randAugment().rule() == RandAugment.AugmentRule.TIMM
        && magnitude > RandAugment.LEVELS) {
      train.problem(
          Strength.RAND_AUGMENT.key(),
          String.format(
              "goes up to %s; expected values from 0 to %.0f with the rule timm",
              magnitude, RandAugment.LEVELS));
    }
    if (settings.augmentation().resizedCrop().minArea() > 0
        && settings.schedule(Strength.SCALE_JITTER).max() > 0) {
      train.problem(
          "resized-crop.min-area",
          "resized crops take the place of scale jitter; set scale-jitter.probability to 0, or"
              + " min-area");
    }
  }

  private static void checkSizes(TrainingSettings settings, Section train) {
    int together = settings.group() * settings.repeats();
    if (settings.batchSize() % together != 0) {
      train.problem(
          "batch-size",
          settings.repeats() == 1
              ? String.format(
                  "found %d, which mixup groups of %d do not divide; use a multiple",
                  settings.batchSize(), settings.group())
              : String.format(
                  "found %d, which counts %d repeats of every clip in groups of %d; use a multiple"
                      + " of %d",
                  settings.batchSize(), settings.repeats(), settings.group(), together));
    }
    int groups = settings.batchSize() / together;
    if (settings.workers().isPresent() && settings.workers().getAsInt() > groups) {
      train.problem(
          "workers",
          String.format(
              "%d workers share %d clips a step in groups of %d, so some would never train; use at"
                  + " most %d",
              settings.workers().getAsInt(), settings.batchSize(), together, Math.max(1, groups)));
    }
  }

  private static void checkWire(TrainingSettings settings, Section train) {
    if (settings.workers().equals(OptionalInt.of(1))
        && settings.averaging().wire() != Packing.FLOAT32) {
      train.problem(
          "averaging.wire",
          "found %s, which would only make one worker less exact: nothing travels; use float32"
              .formatted(Kebab.of(settings.averaging().wire())));
    }
  }

  private static void checkMicroBatch(TrainingSettings settings, Section train) {
    int clips = settings.updates().microBatch();
    if (clips % settings.group() != 0) {
      train.problem(
          "micro-batch",
          String.format(
              "found %d, which mixup groups of %d do not divide; use a multiple, or 0 for a"
                  + " worker's whole share",
              clips, settings.group()));
    }
    if (clips > settings.batchSize()) {
      train.problem(
          "micro-batch",
          String.format(
              "found %d, more than the %d clips of a step; use at most those, or 0 for a worker's"
                  + " whole share",
              clips, settings.batchSize()));
    }
    if (clips == 0 && settings.updates().optimiser().clipEach() == ClipEach.MICRO_BATCH) {
      train.problem(
          "clip-each",
          "found micro-batch, but train.micro-batch is 0; say how many clips are clipped together,"
              + " or use step");
    }
  }
}
