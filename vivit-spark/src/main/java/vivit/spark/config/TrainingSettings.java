package vivit.spark.config;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import vivit.dataprep.config.Span;
import vivit.model.ViViTConfig;
import vivit.model.dl4j.Optimiser;
import vivit.model.network.Backbone.Recompute;
import vivit.model.parameter.LayerDepth;
import vivit.model.parameter.ParameterIndex;
import vivit.model.parameter.ParameterRates;
import vivit.model.regularise.DropPath;
import vivit.spark.input.ClipAugmenter.Augmentation;
import vivit.spark.schedule.LearningRateSchedule;
import vivit.spark.schedule.RateCurve;
import vivit.spark.schedule.RateShape;
import vivit.spark.schedule.Schedule;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

/**
 * The settings of training.
 *
 * @param shards folder of the training shards; empty if the command reads none
 * @param run folder of the run; empty if the command does not train
 * @param seed of every random draw
 * @param workers empty for {@link #defaultWorkers}, or as many as the run had when it began
 * @param epochs number of passes over all clips, unless these are fewer than {@code minSteps}
 * @param minSteps smallest number of steps of the run, in whole epochs
 * @param extend whether a run that began with fewer epochs goes on to these
 * @param batchSize clips per step over all workers, all repeats counted
 * @param sampling which clips an epoch has
 * @param classWeights how the loss of a clip is weighed
 * @param repeats times that every clip of a step is in it, each time augmented anew
 * @param averaging how workers are averaged
 * @param schedules one per {@link Strength}
 * @param mixupGroup clips that are mixed together
 * @param dropPathRule how the drop probability grows with the depth
 */
public record TrainingSettings(
    String shards,
    String run,
    long seed,
    OptionalInt workers,
    int epochs,
    int minSteps,
    boolean extend,
    int batchSize,
    int repeats,
    Sampling sampling,
    ClassWeighting classWeights,
    AveragingSettings averaging,
    LearningRate learningRate,
    Updates updates,
    Map<Strength, Schedule> schedules,
    int mixupGroup,
    DropPath.Rule dropPathRule,
    Augmentation augmentation,
    Checkpointing checkpoints,
    Reporting reporting,
    ValidationSettings validation) {
  private static final int WORKERS = 8;

  /** Which clips an epoch has: all, or as many of each class. */
  public enum Sampling {
    ALL,
    BALANCED
  }

  /** Reaction to NaN or infinity on a worker. */
  public enum OnNonFinite {
    STOP,
    RETRY
  }

  /**
   * The learning rate over the run, and factors of single parameters.
   *
   * @param base the largest rate, scaled to the batch size if the configuration asks for it
   * @param shape what follows the warm-up
   * @param layerDecay factor per layer, going from the head towards the input; 1 for none
   * @param multipliers factors on the rate of the parameters that match
   */
  public record LearningRate(
      double base,
      Span warmup,
      RateShape shape,
      double layerDecay,
      Map<ParameterGlob, Double> multipliers) {}

  /**
   * The settings that determine how gradients change the parameters.
   *
   * @param optimiser what becomes of a gradient
   * @param microBatch clips of a worker that go through the network together; 0 for all
   * @param recompute the part of the forward pass that the backward pass computes again
   * @param freeze parameters that keep their values
   */
  public record Updates(
      Optimiser optimiser, int microBatch, Recompute recompute, List<ParameterGlob> freeze)
      implements Serializable {}

  /** The interval of checkpoints and the number to keep. */
  public record Checkpointing(CheckpointInterval every, int keep, int keepBest) {}

  /** Reports, and the reaction to non-finite numbers. */
  public record Reporting(OnNonFinite onNonFinite, int logEvery, boolean ledger) {}

  /**
   * The same for a short training with rates around the base rate, as {@link RateCurve} wants them,
   * which ends as soon as a number is not finite.
   *
   * @param steps of the rise
   * @param atLeast epochs
   */
  public TrainingSettings sweep(int steps, int atLeast) {
    return new TrainingSettings(
        shards,
        run,
        seed,
        workers,
        Math.max(epochs, atLeast),
        minSteps,
        extend,
        batchSize,
        repeats,
        sampling,
        classWeights,
        averaging,
        new LearningRate(
            RateCurve.HIGHEST * learningRate.base(),
            new Span(0, Span.Unit.STEPS),
            new RateShape.Sweep(RateCurve.LOWEST, steps),
            learningRate.layerDecay(),
            learningRate.multipliers()),
        updates,
        schedules,
        mixupGroup,
        dropPathRule,
        augmentation,
        checkpoints,
        new Reporting(OnNonFinite.STOP, reporting.logEvery(), false),
        validation);
  }

  /** Steps of the whole run. */
  public long totalSteps(long stepsPerEpoch) {
    return stepsPerEpoch * Math.max(epochs, (minSteps + stepsPerEpoch - 1) / stepsPerEpoch);
  }

  /** The schedule of one strength. */
  public Schedule schedule(Strength strength) {
    return schedules.get(strength);
  }

  /** Whether clips are mixed with one another, by mixup or CutMix. */
  public boolean mixes() {
    return schedule(Strength.MIXUP).max() > 0 || schedule(Strength.CUTMIX).max() > 0;
  }

  /** Number of clips that stay together on one worker because they may be mixed. */
  public int group() {
    return mixes() ? mixupGroup : 1;
  }

  /** Different clips of a step, each of which is in it {@link #repeats} times. */
  public int stepClips() {
    return batchSize / repeats;
  }

  /** The workers of a new run for which none are set: 8, but at most as many as get clips. */
  public int defaultWorkers() {
    return defaultWorkers(stepClips() / group());
  }

  /** The default for steps of so many clips, or groups of clips that stay together. */
  public static int defaultWorkers(int groups) {
    return Math.max(1, Math.min(WORKERS, groups));
  }

  /** The learning rate over a run with this many steps per epoch. */
  public LearningRateSchedule learningRates(long stepsPerEpoch) {
    return new LearningRateSchedule(
        learningRate.base(),
        learningRate.warmup().steps(stepsPerEpoch),
        totalSteps(stepsPerEpoch),
        stepsPerEpoch,
        learningRate.shape());
  }

  /**
   * Factor on the learning rate of a parameter; 0 for one that is frozen.
   *
   * @param depth of the parameter, {@link LayerDepth}
   */
  public double rateFactor(String parameter, int depth) {
    if (updates.freeze().stream().anyMatch(glob -> glob.matches(parameter))) {
      return 0;
    }
    double factor = Math.pow(learningRate.layerDecay(), depth);
    for (Map.Entry<ParameterGlob, Double> multiplier : learningRate.multipliers().entrySet()) {
      if (multiplier.getKey().matches(parameter)) {
        factor *= multiplier.getValue();
      }
    }
    return factor;
  }

  /** Learning-rate factors of a model's parameters. */
  public ParameterRates rates(ViViTConfig model) {
    LayerDepth depth = new LayerDepth(model);
    return ParameterRates.of(
        ParameterIndex.of(model), parameter -> rateFactor(parameter.name(), depth.of(parameter)));
  }

  /** Steps of the round that begins at a step, unless the epoch or the run ends before. */
  public long roundSteps(long step, long stepsPerEpoch) {
    boolean warming = step < learningRate.warmup().steps(stepsPerEpoch);
    double rate = warming ? learningRate.base() : learningRates(stepsPerEpoch).at(step);
    return averaging.steps(step, stepsPerEpoch, rate);
  }

  /** Whether the run keeps a moving average of its parameters. */
  public boolean averages() {
    return schedule(Strength.EMA_DECAY).max() > 0;
  }

  /** The values of all schedules at a step, counting from 0 over the whole run. */
  public StepValues values(long step, long stepsPerEpoch) {
    Map<Strength, Double> strengths = new EnumMap<>(Strength.class);
    schedules.forEach(
        (strength, schedule) -> strengths.put(strength, schedule.at(step, stepsPerEpoch)));
    return new StepValues(learningRates(stepsPerEpoch).at(step), strengths);
  }
}
