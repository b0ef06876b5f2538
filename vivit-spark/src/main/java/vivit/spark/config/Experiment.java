package vivit.spark.config;

import java.util.List;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.EffectiveConfig;
import vivit.dataprep.config.Section;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.text.Kebab;
import vivit.model.ViViTConfig;
import vivit.model.parameter.Parameter;
import vivit.model.parameter.ParameterIndex;
import vivit.model.regularise.DropPath;
import vivit.model.variant.Variant;
import vivit.spark.config.TrainingSettings.Sampling;
import vivit.spark.input.Mirroring;
import vivit.spark.input.Mirroring.FlipDirection;
import vivit.spark.schedule.Strength;

/**
 * A model and the settings of its training.
 *
 * @param effective the sections that determine the run, for the run folder
 */
public record Experiment(
    ModelSettings model,
    InitialisationSettings initialisation,
    TrainingSettings training,
    EffectiveConfig effective) {

  /**
   * Reads the sections {@code model}, {@code initialise} and {@code train}; records problems
   * instead of throwing them. A command that trains also requires the keys {@code train.shards} and
   * {@code train.run}.
   */
  public static Experiment read(StrictConfig config) {
    ModelSettings model = ModelReader.read(config.section("model"));
    InitialisationSettings initialisation =
        InitialisationSettings.read(config.section("initialise"), model.variant());
    TrainingSettings training =
        TrainingReader.read(
            config.section("train"),
            config.section("").whole("seed", Long.MIN_VALUE, Long.MAX_VALUE));
    Experiment experiment = new Experiment(model, initialisation, training, effective(config));
    experiment.checkDropPath(config.section("train"));
    return experiment;
  }

  /** What differs from the defaults, a line {@code key = value} each. */
  public String changes() {
    return effective.changes(effective(StrictConfig.load()));
  }

  private static EffectiveConfig effective(StrictConfig config) {
    return config.effective("seed", "model", "initialise", "train");
  }

  /** The same model with other settings of its training. */
  public Experiment with(TrainingSettings other) {
    return new Experiment(model, initialisation, other, effective);
  }

  private void checkDropPath(Section train) {
    if (training.schedule(Strength.DROP_PATH).max() > 0
        && training.dropPathRule() == DropPath.Rule.REFERENCE
        && model.variant().kind() == Variant.Kind.FACTORISED_SELF_ATTENTION) {
      train.problem(
          "drop-path",
          "the original code's factorised self-attention ignores stochastic depth; set it to 0, or"
              + " train.drop-path-rule=paper or timm");
    }
  }

  /** Records a problem for every contradiction between experiment and shard set. */
  public void checkAgainst(Manifest manifest, StrictConfig config) {
    Section train = config.section("train");
    if (manifest.purpose() != Purpose.TRAINING) {
      train.problem(
          "shards",
          "the shards are for " + Kebab.of(manifest.purpose()) + "; prepare them for training");
    }
    manifest.heads().forEach(head -> checkHead(head, train));
    checkDirections(manifest.heads(), train);
    training.classWeights().check(manifest, train);
    checkSampling(manifest.heads(), train);
    if (manifest.heads().list().stream().allMatch(head -> head.classes() >= 2)) {
      checkNames(model.withHeads(manifest.heads()), train);
    }
    if (model.clip().frames() > manifest.frames()) {
      config
          .section("model.clip")
          .problem(
              "frames",
              String.format(
                  "found %d, but the stored clips have %d frames; prepare longer clips or use %d",
                  model.clip().frames(), manifest.frames(), manifest.frames()));
    }
    checkSide("height", model.clip().height(), manifest.shortSide(), config);
    checkSide("width", model.clip().width(), manifest.shortSide(), config);
    checkRate(manifest.clips(), train);
  }

  /**
   * Records a problem for every point of a schedule that a run on these clips does not reach, or
   * not in order. For new runs; one that has begun goes on as it began.
   */
  public void checkSchedules(Manifest manifest, StrictConfig config) {
    new ScheduleChecks(training, stepsPerEpoch(manifest.clips()), config.section("train")).check();
  }

  private long stepsPerEpoch(long clips) {
    int stepClips = Math.max(1, training.stepClips());
    return (clips + stepClips - 1) / stepClips;
  }

  private void checkHead(LabelHead head, Section train) {
    if (head.classes() < 2) {
      train.problem(
          "shards",
          "the shards have %d %s; training needs 2".formatted(head.classes(), head.name()));
    }
    if (head.labelling() == Labelling.MULTI_LABEL
        && training.schedule(Strength.LABEL_SMOOTHING).max() > 0) {
      train.problem(
          "label-smoothing",
          "label smoothing is for one class per clip, but the shards are multi-label (%s); set it to 0"
              .formatted(head.name()));
    }
  }

  private void checkSampling(LabelHeads heads, Section train) {
    if (training.sampling() == Sampling.BALANCED
        && (heads.count() > 1 || heads.get(0).labelling() == Labelling.MULTI_LABEL)) {
      train.problem(
          "sampling",
          heads.count() > 1
              ? "found balanced, which needs one class per clip, but the shards have %d heads; use all"
                  .formatted(heads.count())
              : "found balanced, which needs one class per clip, but the shards are multi-label (%s);"
                      .formatted(heads.get(0).name())
                  + " use all");
    }
  }

  private void checkDirections(LabelHeads heads, Section train) {
    List<String> alone = Mirroring.withoutOpposite(heads);
    if (training.augmentation().flipDirection() == FlipDirection.SWAP && !alone.isEmpty()) {
      train.problem(
          "flip-direction",
          "found swap, but no class has left and right exchanged in the name of: "
              + String.join(", ", alone)
              + "; use skip or mirror");
    }
  }

  private void checkNames(ViViTConfig network, Section train) {
    if (training.rates(network).trained() == 0) {
      train.problem(
          "freeze",
          "every parameter is frozen, or has a rate multiplier of 0; nothing would be trained");
    }
    List<String> names =
        ParameterIndex.of(network).parameters().stream().map(Parameter::name).toList();
    training.updates().freeze().forEach(glob -> checkName(glob, names, "freeze", train));
    Section rate = train.section("learning-rate");
    training
        .learningRate()
        .multipliers()
        .keySet()
        .forEach(glob -> checkName(glob, names, "multipliers", rate));
  }

  private static void checkName(
      ParameterGlob glob, List<String> names, String key, Section section) {
    if (names.stream().noneMatch(glob::matches)) {
      section.problem(
          key,
          "no parameter of this model matches \"%s\"; two of its parameters are %s and %s"
              .formatted(glob, names.get(0), names.get(names.size() - 1)));
    }
  }

  private static void checkSide(String side, int found, int stored, StrictConfig config) {
    if (stored > 0 && found > stored) {
      config
          .section("model.clip")
          .problem(
              side,
              String.format(
                  "found %d, but the stored frames' shorter side has %d pixels; prepare larger"
                      + " frames or use at most %d",
                  found, stored, stored));
    }
  }

  private void checkRate(long clips, Section train) {
    long steps = stepsPerEpoch(clips);
    double warmup = training.learningRate().warmup().steps(steps);
    if (Math.floor(warmup) >= training.totalSteps(steps)) {
      train.problem(
          "learning-rate.warmup",
          String.format(
              "%s are %.0f of the run's %d steps (%d clips, batch size %d); shorten the warm-up",
              training.learningRate().warmup(),
              warmup,
              training.totalSteps(steps),
              clips,
              training.batchSize()));
    }
  }
}
