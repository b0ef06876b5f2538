package vivit.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.Span;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.ShardSetBuilder;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.shard.Manifest;
import vivit.model.dl4j.Optimiser.ClipEach;
import vivit.model.initialise.InitialisationOptions;
import vivit.model.initialise.InitialisationOptions.ModelPart;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.SourceReadout;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.InitialisationOptions.UnsoundPositions;
import vivit.model.initialise.KernelInflation;
import vivit.model.regularise.DropPath;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedEncoder;
import vivit.spark.schedule.RateShape;
import vivit.spark.schedule.Schedule.Stairs.Stair;
import vivit.spark.schedule.Strength;

class ExperimentTest {
  @Test
  void theDefaultsAreTheReleasedKineticsSettings() {
    Experiment experiment = read();

    assertThat(experiment.model().width()).isEqualTo(768);
    assertThat(experiment.model().variant()).isEqualTo(new FactorisedEncoder(12, 4));
    TrainingSettings training = experiment.training();
    assertThat(training.group()).isEqualTo(1);
    assertThat(training.learningRates(3356).total()).isEqualTo(100_680);
    assertThat(training.learningRates(3356).warmup()).isEqualTo(8390);
    assertThat(training.values(54_535, 3356).learningRate()).isBetween(0.0499999, 0.0500001);
    assertThat(training.workers()).isEmpty();
  }

  @Test
  void sizesMayBeFree() {
    Experiment experiment =
        read(
            "model.preset=null",
            "model.width=48",
            "model.attention-heads=3",
            "model.mlp-width=96",
            "model.spatial-layers=2",
            "model.variant=average-pool",
            "train.drop-path=linear 0.0 to 0.2 from 0 epochs until 10 epochs",
            "train.mixup=0.1");

    assertThat(experiment.model().mlpWidth()).isEqualTo(96);
    assertThat(experiment.model().variant()).isEqualTo(new AveragePool(2));
    assertThat(experiment.training().group()).isEqualTo(2);
    assertThat(experiment.training().values(500, 100).of(Strength.DROP_PATH))
        .isBetween(0.0999, 0.1001);
  }

  @Test
  void repeatsAreCountedByTheBatchSize() {
    TrainingSettings training =
        read("train.batch-size=16", "train.repeats=4", "train.cutmix=1").training();
    assertThat(training.stepClips()).isEqualTo(4);
    assertThat(training.defaultWorkers()).isEqualTo(2);

    StrictConfig config =
        StrictConfig.load(
            "train.batch-size=12", "train.repeats=4", "train.mixup=0.8", "train.workers=2");
    Experiment.read(config);
    assertThat(catchThrowableOfType(config::check, ConfigException.class).getMessage())
        .contains(
            "train.batch-size: found 12, which counts 4 repeats of every clip in groups of 2; use"
                + " a multiple of 8")
        .contains("train.workers: 2 workers share 12 clips a step in groups of 8");
  }

  @Test
  void cutMixHasTheGroupsOfMixup() {
    assertThat(read("train.cutmix=1.0", "train.mixup-group=4").training().group()).isEqualTo(4);
    assertThat(read("train.mix-switch=1").training().group()).isEqualTo(1);
  }

  @Test
  void everyContradictionIsReportedAtOnceWithItsLine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("wrong.conf");
    Files.writeString(
        file,
        """
        model.preset = null
        model.width = 50
        model.attention-heads = 3
        model.spatial-layers = 2
        model.clip.height = 100
        model.variant = average-pool
        model.temporal-layers = 2
        train.batch-size = 7
        train.mixup = 0.2
        train.workers = 9
        train.flip = 1.5
        train.drop-path = sometimes
        train.checkpoint.every = 0 steps
        train.scale-jitter.min = 3
        """);
    StrictConfig config = StrictConfig.load(file.toString());
    Experiment.read(config);

    ConfigException found = catchThrowableOfType(config::check, ConfigException.class);

    assertThat(found.getMessage())
        .contains("3: model.attention-heads: 3 attention heads do not divide the width 50")
        .contains("model.mlp-width: missing; without a preset give model.mlp-width=...")
        .contains("5: model.clip.height: tubelets of 16 do not divide 100; use for example 96")
        .contains("7: model.temporal-layers: only factorised-encoder has a temporal encoder")
        .contains("8: train.batch-size: found 7, which mixup groups of 2 do not divide")
        .contains("10: train.workers: 9 workers share 7 clips a step in groups of 2")
        .contains("11: train.flip: found 1.5; expected a number from 0 to 1")
        .contains("12: train.drop-path: cannot read \"sometimes\" as a schedule")
        .contains("13: train.checkpoint.every: found 0")
        .contains("14: train.scale-jitter.min: found 3.0, above max 1.33");
  }

  @Test
  void aRunMayStartFromACheckpoint() {
    InitialisationSettings settings =
        read(
                "model.variant=factorised-self-attention",
                "initialise.from=hdfs://host/vit.npz",
                "initialise.kernel=rank-pooling",
                "initialise.positions=resize-tile",
                "initialise.restore-embedding=false",
                "initialise.restore-head=true",
                "initialise.temporal-attention=zero-output")
            .initialisation();

    assertThat(settings.from()).contains("hdfs://host/vit.npz");
    assertThat(settings.options())
        .isEqualTo(
            new InitialisationOptions(
                KernelInflation.RANK_POOLING,
                PositionChange.RESIZE_TILE,
                UnsoundPositions.REFUSE,
                SourceReadout.AUTO,
                TemporalAttention.ZERO_OUTPUT,
                EnumSet.of(ModelPart.POSITIONS, ModelPart.SPATIAL_ATTENTION, ModelPart.HEAD)));
    assertThat(read().initialisation())
        .isEqualTo(new InitialisationSettings(Optional.empty(), InitialisationOptions.defaults()));
  }

  @Test
  void onlyFactorisedSelfAttentionHasATemporalAttentionToChoose() {
    StrictConfig config = config("initialise.temporal-attention=zero");
    Experiment.read(config);

    assertThat(catchThrowableOfType(config::check, ConfigException.class))
        .hasMessageContaining("initialise.temporal-attention: only factorised-self-attention has");
  }

  @Test
  void updatesMayDifferByParameter() {
    TrainingSettings training =
        read(
                "train.freeze=[\"embedding/**\"]",
                "train.learning-rate.multipliers={\"output_projection/**\" = 10}",
                "train.learning-rate.layer-decay=0.75",
                "train.micro-batch=2",
                "train.clip-each=micro-batch",
                "train.drop-path-rule=paper",
                "train.ema-decay=0.999",
                "train.weight-decay=cosine 0.1 to 0.0 from 0 steps until 4 steps")
            .training();

    assertThat(training.updates().freeze()).containsExactly(new ParameterGlob("embedding/**"));
    assertThat(training.learningRate().multipliers())
        .containsExactly(Map.entry(new ParameterGlob("output_projection/**"), 10.0));
    assertThat(training.learningRate().layerDecay()).isEqualTo(0.75);
    assertThat(training.updates().microBatch()).isEqualTo(2);
    assertThat(training.updates().optimiser().clipEach()).isEqualTo(ClipEach.MICRO_BATCH);
    assertThat(training.dropPathRule()).isEqualTo(DropPath.Rule.PAPER);
    assertThat(training.values(2, 10).of(Strength.WEIGHT_DECAY)).isBetween(0.0499, 0.0501);
  }

  @Test
  void strengthsAndUpdatesAreChecked() {
    StrictConfig config =
        config(
            "train.dropout=1",
            "train.ema-decay=1.0",
            "train.weight-decay=-0.1",
            "train.attention-dropout=linear 0.5 to 1.5 from 0 steps until 1 step",
            "train.freeze=[\"\"]",
            "train.learning-rate.multipliers={\"**\" = -1}",
            "train.learning-rate.layer-decay=1.5",
            "train.mixup=0.1",
            "train.micro-batch=3",
            "train.clip-each=always",
            "train.rand-augment.layers=2",
            "train.rand-augment.magnitude=31",
            "train.colour-jitter.grey=0.1");
    Experiment.read(config);
    ConfigException found = catchThrowableOfType(config::check, ConfigException.class);

    assertThat(found.getMessage())
        .contains("train.dropout: found 1; expected a number from 0 to below 1")
        .contains("train.ema-decay: found 1; expected")
        .contains("train.weight-decay: found -0.1; expected a number from 0 to 1000")
        .contains(
            "train.attention-dropout: goes from 0.5 to 1.5; expected values from 0 to below 1")
        .contains("train.freeze: found an empty pattern")
        .contains("train.learning-rate.multipliers.\"**\": found -1; expected a number from 0.0")
        .contains("train.learning-rate.layer-decay: found \"1.5\"; expected a number from")
        .contains("train.micro-batch: found 3, which mixup groups of 2 do not divide")
        .contains("train.clip-each: found \"always\"; expected one of step, micro-batch")
        .contains("train.rand-augment.magnitude: found 31; expected")
        .contains("train.rand-augment.layers: RandAugment leaves no room for colour jitter");
  }

  @Test
  void refusesAugmentationsThatContradictEachOther() {
    StrictConfig config =
        config(
            "train.rand-augment.rule=timm",
            "train.rand-augment.layers=2",
            "train.resized-crop.min-area=0.08");
    Experiment.read(config);
    ConfigException found = catchThrowableOfType(config::check, ConfigException.class);

    assertThat(found.getMessage())
        .contains(
            "train.rand-augment.magnitude: goes up to 15.0; expected values from 0 to 10 with the"
                + " rule timm")
        .contains("train.resized-crop.min-area: resized crops take the place of scale jitter");

    StrictConfig varied = config("train.rand-augment.layers=2", "train.rand-augment.deviation=0.5");
    Experiment.read(varied);
    assertThat(catchThrowableOfType(varied::check, ConfigException.class).getMessage())
        .contains("train.rand-augment.deviation: found 0.5, but the original code's magnitude");
  }

  @Test
  void clippingMicroBatchesNeedsThem() {
    StrictConfig config = config("train.clip-each=micro-batch");
    Experiment.read(config);
    ConfigException found = catchThrowableOfType(config::check, ConfigException.class);

    assertThat(found.getMessage())
        .contains("train.clip-each: found micro-batch, but train.micro-batch is 0");
  }

  @Test
  void theBaseRateFollowsTheBatchSize() {
    assertThat(rate("train.batch-size=256").base()).isEqualTo(0.1);
    assertThat(rate("train.batch-size=256", "train.learning-rate.reference-batch-size=64").base())
        .isEqualTo(0.4);
    assertThat(
            rate(
                    "train.batch-size=256",
                    "train.learning-rate.reference-batch-size=64",
                    "train.learning-rate.batch-scaling=square-root")
                .base())
        .isEqualTo(0.2);
  }

  @Test
  void theRateHasAShape() {
    assertThat(rate().shape()).isEqualTo(new RateShape.Cosine(0));
    assertThat(rate("train.learning-rate.end=0.1").shape()).isEqualTo(new RateShape.Cosine(0.1));
    assertThat(rate("train.learning-rate.shape=constant").shape()).isEqualTo(new RateShape.Flat());
    assertThat(rate("train.learning-rate.shape=one-cycle").shape())
        .isEqualTo(new RateShape.OneCycle());
    assertThat(
            rate(
                    "train.learning-rate.shape=polynomial",
                    "train.learning-rate.power=2",
                    "train.learning-rate.end=0.5")
                .shape())
        .isEqualTo(new RateShape.Polynomial(2, 0.5));
    assertThat(
            rate(
                    "train.learning-rate.shape=steps",
                    "train.learning-rate.drops=0.1 at 20 epochs, 0.01 at 900 steps")
                .shape())
        .isEqualTo(
            new RateShape.Steps(
                List.of(
                    new Stair(0.1, new Span(20, Span.Unit.EPOCHS)),
                    new Stair(0.01, new Span(900, Span.Unit.STEPS)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shape=linear | shape: found \"linear\"; expected one of cosine, constant, polynomial",
        "shape=constant end=0.1 | end: only the shape cosine and polynomial end at a share",
        "shape=one-cycle end=0.1 | end: only the shape cosine and polynomial end at a share",
        "end=1.5 | end: found \"1.5\"; expected a number from 0.0 to 1.0",
        "power=2 | power: only the shape polynomial has a power; remove this key",
        "drops='0.1 at 2 epochs' | drops: only the shape steps has drops; remove this key",
        "shape=steps | drops: found \"\", which is no list of drops; write factors on the base rate",
        "shape=steps drops=0.1 | drops: found \"0.1\", which is no list of drops",
        "shape=steps drops='2 at 3 epochs' | which has a factor that is not above 0 and at most 1",
        "shape=steps drops='0 at 3 epochs' | which has a factor that is not above 0 and at most 1",
        "shape=steps drops='0.5 at 0 steps' | which drops at the start",
        "shape=one-cycle warmup='0 steps' | shape: found one-cycle with a warm-up of 0",
        "batch-scaling=square-root | batch-scaling: found square-root, but nothing is scaled",
        "reference-batch-size=0 | reference-batch-size: found \"0\"; expected a whole number from 1",
      })
  void ratesThatMakeNoSenseAreRefused(String keys, String message) {
    StrictConfig config =
        config(
            Pattern.compile("([a-z-]+)=(?:'([^']*)'|(\\S+))")
                .matcher(keys)
                .results()
                .map(
                    key ->
                        "train.learning-rate.%s=%s"
                            .formatted(
                                key.group(1), key.group(2) == null ? key.group(3) : key.group(2)))
                .toArray(String[]::new));
    Experiment.read(config);

    assertThat(catchThrowableOfType(config::check, ConfigException.class).problems())
        .singleElement()
        .asString()
        .contains(message);
  }

  @Test
  void aDropAfterTheRunIsRefused() {
    StrictConfig config =
        config(
            "train.epochs=10",
            "train.learning-rate.shape=steps",
            "train.learning-rate.drops=0.1 at 9 epochs, 0.01 at 10 epochs");
    Experiment experiment = Experiment.read(config);
    experiment.checkAgainst(shards(32, 256, 10_000), config);
    experiment.checkSchedules(shards(32, 256, 10_000), config);

    assertThat(catchThrowableOfType(config::check, ConfigException.class).problems())
        .singleElement()
        .asString()
        .contains("train.learning-rate.drops: the point at 10 epochs never comes: the run ends");
  }

  /** What contradicts a run of 10 epochs of 157 steps, of a model with left and right. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.averaging.every=1 at 0 epochs, 4 at 100 epochs | train.averaging.every: the point at"
            + " 100 epochs never comes: the run ends after 10 epochs, 1570 steps",
        "train.averaging.every=4 at 2 epochs, 2 at 1 epochs | train.averaging.every: found 1 epochs"
            + " after 2 epochs; write points in the order of the run",
        "train.averaging.every=2 at 1 epochs, 3 at 157 steps | train.averaging.every: found 157"
            + " steps after 1 epochs",
        "train.drop-path=linear 0.1 to 0.2 from 3 epochs until 1 epochs | train.drop-path: found 1"
            + " epochs after 3 epochs",
        "train.drop-path=0.1 at 0 epochs, 0.2 at 9.999 epochs | train.drop-path: the point at 9.999"
            + " epochs never comes",
        "train.mixup=linear 0 to 1 from 10 epochs until 20 epochs | train.mixup: the point at 10"
            + " epochs never comes",
        "train.freeze=[\"**\"] | train.freeze: every parameter is frozen",
        "train.learning-rate.multipliers={\"**\"=0} | train.freeze: every parameter is frozen, or"
            + " has a rate multiplier of 0",
        "train.class-weight-factors={left=0, right=0} | train.class-weight-factors: every class with"
            + " clips has a factor of 0",
      })
  void aRunThatCannotDoWhatItSaysIsRefused(String key, String message) {
    StrictConfig config =
        config("train.epochs=10", "train.averaging.outer=average", "train.micro-batch=0", key);
    Experiment experiment = Experiment.read(config);
    Manifest shards = shards(32, 256, 10_000, "left", "right");
    experiment.checkAgainst(shards, config);
    experiment.checkSchedules(shards, config);

    assertThat(catchThrowableOfType(config::check, ConfigException.class).problems())
        .singleElement()
        .asString()
        .contains(message);
  }

  @Test
  void rampsMayEndWithTheRun() {
    StrictConfig config =
        config("train.epochs=10", "train.drop-path=linear 0 to 0.2 from 0 epochs until 10 epochs");
    Experiment experiment = Experiment.read(config);
    experiment.checkAgainst(shards(32, 256, 10_000), config);
    experiment.checkSchedules(shards(32, 256, 10_000), config);
    config.check();
  }

  @Test
  void aRunFromBeforeThereWereShapesGoesOn() {
    String before =
        read()
            .effective()
            .text()
            .lines()
            .filter(line -> !line.matches("\\s*(shape|end|power|batch-scaling)=.*"))
            .collect(Collectors.joining("\n"));

    assertThat(before).contains("warmup").doesNotContain("cosine");
    assertThat(RunIdentity.differences(before, "state.json", read())).isEmpty();
    assertThat(
            RunIdentity.differences(
                before, "state.json", read("train.learning-rate.shape=constant")))
        .containsExactly("train.learning-rate.shape: cosine in the run, now constant");
  }

  private static TrainingSettings.LearningRate rate(String... keys) {
    return read(keys).training().learningRate();
  }

  @Test
  void whatContradictsTheShardsIsReported() {
    StrictConfig config =
        config(
            "model.clip.frames=6",
            "model.clip.height=16",
            "model.clip.width=16",
            "train.epochs=2",
            "train.learning-rate.warmup=3 epochs");
    Experiment experiment = Experiment.read(config);
    experiment.checkAgainst(shards(4, 10, 100), config);

    ConfigException found = catchThrowableOfType(config::check, ConfigException.class);

    assertThat(found.getMessage())
        .contains("model.clip.frames: found 6, but the stored clips have 4 frames")
        .contains("model.clip.height: found 16, but the stored frames' shorter side has 10 pixels")
        .contains("train.learning-rate.warmup: 3 epochs are 6 of the run's 4 steps");
  }

  @Test
  void classesWithoutAnOppositeAndUnknownParametersAreReported() {
    StrictConfig config =
        config(
            "train.flip-direction=swap",
            "train.freeze=[\"embedding/*\", \"Transformer/**\"]",
            "train.learning-rate.multipliers={\"head/kernel\" = 2}");
    Experiment experiment = Experiment.read(config);
    experiment.checkAgainst(
        shards(32, 256, 10_000, "turn left", "turn right", "go RIGHT", "stop"), config);

    ConfigException found = catchThrowableOfType(config::check, ConfigException.class);

    assertThat(found.problems())
        .hasSize(3)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("train.flip-direction: found swap, but no class has left and right")
                    .contains("in the name of: go RIGHT; use skip or mirror"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("train.freeze: no parameter of this model matches")
                    .contains("\"Transformer/**\""))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("train.learning-rate.multipliers: no parameter of this model matches")
                    .contains("\"head/kernel\""));
  }

  @Test
  void shardsOfOneClassAreReportedAsSuch() {
    StrictConfig config = config();
    Experiment.read(config).checkAgainst(shards(32, 256, 10_000, "only"), config);

    assertThat(catchThrowableOfType(config::check, ConfigException.class).problems())
        .singleElement()
        .asString()
        .contains("train.shards: the shards have 1 label; training needs 2");
  }

  @Test
  void foldersAndReportingMayChangeOnResume() {
    String before = read("train.workers=2").effective().text();
    Experiment now =
        read("train.workers=4", "train.run=/elsewhere", "train.log-every=1", "train.ledger=true");

    assertThat(RunIdentity.differences(before, "state.json", now)).isEmpty();
    assertThat(RunIdentity.differences(before, "state.json", read("train.epochs=40", "seed=3")))
        .containsExactly("seed: 0 in the run, now 3", "train.epochs: 30 in the run, now 40");
    assertThat(
            RunIdentity.differences(
                before, "state.json", read("train.epochs=40", "seed=3", "train.extend=true")))
        .containsExactly("seed: 0 in the run, now 3");
  }

  /** As the run of a release before CutMix stored it. */
  @Test
  void aKeyThatTheRunDidNotKnowWasAtItsDefault() {
    String before = read("train.mixup=0.2").effective().text();
    String old = before.replaceAll("(?m)^ *cutmix=.*$", "");
    assertThat(old).isNotEqualTo(before);

    assertThat(RunIdentity.differences(old, "state.json", read("train.mixup=0.2"))).isEmpty();
    assertThat(
            RunIdentity.differences(old, "state.json", read("train.mixup=0.2", "train.cutmix=1")))
        .containsExactly("train.cutmix: 0 in the run, now 1");
    String without = before.replaceAll("(?m)^ *mixup=.*$", "");
    assertThat(RunIdentity.differences(without, "state.json", read("train.mixup=0.2")))
        .containsExactly("train.mixup: 0 in the run, now 0.2");
  }

  /** As the run of a release stored it that had no other optimiser and one way to average. */
  @Test
  void keysThatWereRenamedAndDefaultsThatWereStatedAgree() {
    String before = read("train.averaging.every=4").effective().text();
    String old =
        before
            .replaceAll("(?ms)averaging \\{.*?\\}", "averaging-frequency=4")
            .replace("momentum=null", "momentum=0.9");
    assertThat(old).contains("averaging-frequency=4").doesNotContain("wire");

    assertThat(RunIdentity.differences(old, "state.json", read("train.averaging.every=4")))
        .isEmpty();
    assertThat(
            RunIdentity.differences(
                old, "state.json", read("train.averaging.every=2", "train.momentum=0.8")))
        .containsExactly(
            "train.averaging.every: 4 in the run, now 2",
            "train.momentum: 0.9 in the run, now 0.8");
  }

  @Test
  void theSameNumberInOtherWordsIsNoDifference() {
    assertThat(
            RunIdentity.differences(
                read().effective().text(), "state.json", read("train.learning-rate.base=0.10")))
        .isEmpty();
  }

  @Test
  void aVariableIsComparedOnResumeAndNotShown(@TempDir Path folder) throws Exception {
    String value = System.getenv("PATH");
    Path file = Files.writeString(folder.resolve("test.conf"), "initialise.from = ${PATH}\n");
    Experiment config = read(file.toString());
    Experiment plain = read("initialise.from=" + value);
    Experiment other = read("initialise.from=/other");

    assertThat(config.effective().text()).doesNotContain(value);
    assertThat(config.effective().hide("from " + value, "initialise.from")).doesNotContain(value);
    assertThat(RunIdentity.differences(config.effective().text(), "state.json", config)).isEmpty();
    assertThat(RunIdentity.differences(config.effective().text(), "state.json", plain)).isEmpty();
    assertThat(RunIdentity.differences(plain.effective().text(), "state.json", config)).isEmpty();
    assertThat(RunIdentity.differences(config.effective().text(), "state.json", other))
        .containsExactly(
            "initialise.from: another value in the run, where it came from the environment variable PATH; set PATH as it was then, or give initialise.from that value");
    assertThat(RunIdentity.differences(other.effective().text(), "state.json", config))
        .containsExactly(
            "initialise.from: /other in the run, now another value from the environment variable PATH");
  }

  private static Experiment read(String... keys) {
    StrictConfig config = config(keys);
    Experiment experiment = Experiment.read(config);
    assertThatCode(config::check).doesNotThrowAnyException();
    return experiment;
  }

  private static StrictConfig config(String... keys) {
    return StrictConfig.load(keys);
  }

  private static Manifest shards(int frames, int shortSide, int clips) {
    return shards(frames, shortSide, clips, "a", "b");
  }

  private static Manifest shards(int frames, int shortSide, int clips, String... labels) {
    return ShardSetBuilder.of(
            Purpose.TRAINING,
            new ClipSettings(frames, 1, 0, shortSide, 2, 4),
            LabelHeads.of(LabelMap.of(List.of(labels))))
        .manifest(clips);
  }
}
