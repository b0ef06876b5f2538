package vivit.spark.train;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.model.dl4j.Optimiser.ClipEach;
import vivit.spark.config.TrainingSettings;
import vivit.spark.schedule.Strength;
import vivit.spark.train.RoundPart.StepOutcome;
import vivit.spark.train.RoundPart.WorkerReport;

/**
 * Warns at the end of an epoch if training goes on without effect: nearly every gradient was
 * clipped, or the loss is still that of guessing. Each is said once, and only of epochs that were
 * seen from their first step.
 */
final class RoundWarnings {
  private static final Logger LOG = LoggerFactory.getLogger(RoundWarnings.class);

  /** Share of clipped gradients from which on the limit decides, not the gradient. */
  private static final double NEARLY_ALL = 0.95;

  /** Share of the run before which long gradients are nothing unusual. */
  private static final double HALF = 0.5;

  /** Share of the run after which a model has learnt something. */
  private static final double A_WHILE = 0.25;

  /** Share of the loss of guessing from which on a model has learnt nothing. */
  private static final double ABOUT = 0.98;

  /**
   * Mixed and smoothed labels keep even a perfect model from a loss of 0. Where they keep it above
   * this share of the loss of guessing, the loss says too little.
   */
  private static final double TELLING = 0.8;

  private final TrainingSettings settings;
  private final long stepsPerEpoch;
  private final double guessing;
  private final boolean judgesLoss;

  /** Whether the present epoch was seen from its first step. */
  private boolean whole;

  private long gradients;
  private long clipped;
  private double normSum;
  private double lossSum;
  private long clips;
  private boolean saidClipped;
  private boolean saidGuessing;

  RoundWarnings(TrainingSettings settings, LabelHeads heads, long stepsPerEpoch) {
    this.settings = settings;
    this.stepsPerEpoch = stepsPerEpoch;
    this.guessing = heads.list().stream().mapToDouble(this::guessing).average().orElseThrow();
    double best = heads.list().stream().mapToDouble(this::least).average().orElseThrow();
    this.judgesLoss =
        !settings.classWeights().active()
            && heads.list().stream().allMatch(head -> head.labelling() == Labelling.SINGLE_LABEL)
            && best <= TELLING * guessing;
  }

  /** Loss of a head that gives all classes the same probability, whatever the labels: ln K. */
  private double guessing(LabelHead head) {
    return Math.log(head.classes());
  }

  /**
   * Bound on the loss of a head that is always right: the entropy of smoothed labels, and of mixed
   * ones at most ln 2 more, as the entropy of a mixture of two is at most the mean of theirs and
   * that of the choice.
   */
  private double least(LabelHead head) {
    double smoothing = settings.schedule(Strength.LABEL_SMOOTHING).max();
    double other = smoothing / head.classes();
    double right = 1 - smoothing + other;
    double entropy = (head.classes() - 1) * entropy(other) + entropy(right);
    return entropy + (settings.mixes() ? Math.log(2) : 0);
  }

  private static double entropy(double probability) {
    return probability == 0 ? 0 : -probability * Math.log(probability);
  }

  /** Takes note of the next round, which led from a step to another. */
  void add(long before, long after, List<WorkerReport> reports) {
    if (before % stepsPerEpoch == 0) {
      whole = true;
      gradients = 0;
      clipped = 0;
      normSum = 0;
      lossSum = 0;
      clips = 0;
    }
    for (WorkerReport report : reports) {
      report.steps().forEach(this::add);
    }
    if (whole && after % stepsPerEpoch == 0) {
      warn(after);
    }
  }

  private void add(StepOutcome step) {
    gradients++;
    clipped += step.gradientNorm() > settings.updates().optimiser().maxGradientNorm() ? 1 : 0;
    normSum += step.gradientNorm();
    lossSum += step.lossSum();
    clips += step.clips();
  }

  private void warn(long step) {
    // Clipping each micro-batch, as the published models do, is meant to clip nearly all.
    boolean limited =
        settings.updates().optimiser().maxGradientNorm() > 0
            && settings.updates().optimiser().clipEach() == ClipEach.STEP;
    double done = (double) step / settings.totalSteps(stepsPerEpoch);
    if (!saidClipped && limited && done >= HALF && clipped > NEARLY_ALL * gradients) {
      saidClipped = true;
      LOG.warn(
          "{} of the {} gradients of epoch {} were longer than train.max-gradient-norm={}, on average"
              + " {}: the limit sets the length of nearly every step, not the gradient. If the loss"
              + " falls slowly, raise the limit; if it is unsteady, lower"
              + " train.learning-rate.base",
          clipped,
          gradients,
          step / stepsPerEpoch - 1,
          settings.updates().optimiser().maxGradientNorm(),
          "%.3g".formatted(normSum / gradients));
    }
    double loss = lossSum / clips;
    if (!saidGuessing && judgesLoss && done >= A_WHILE && loss > ABOUT * guessing) {
      saidGuessing = true;
      LOG.warn(
          "After {} of {} steps the training loss is {}, and guessing gives {} (the logarithm of the"
              + " number of classes): nothing has been learnt yet. Try another"
              + " train.learning-rate.base, which bin/vivit train --find-rate suggests, and look at"
              + " the clips and their classes with bin/vivit inspect",
          step,
          settings.totalSteps(stepsPerEpoch),
          "%.4f".formatted(loss),
          "%.4f".formatted(guessing));
    }
  }
}
