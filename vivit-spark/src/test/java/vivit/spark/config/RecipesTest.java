package vivit.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import vivit.dataprep.config.Span;
import vivit.dataprep.config.StrictConfig;
import vivit.model.dl4j.Optimiser;
import vivit.model.dl4j.Optimiser.ClipEach;
import vivit.model.engine.UpdateRule;
import vivit.model.initialise.InitialisationOptions;
import vivit.model.initialise.InitialisationOptions.PositionChange;
import vivit.model.initialise.InitialisationOptions.TemporalAttention;
import vivit.model.initialise.KernelInflation;
import vivit.model.regularise.DropPath;
import vivit.model.variant.AveragePool;
import vivit.model.variant.FactorisedDotProduct;
import vivit.model.variant.FactorisedEncoder;
import vivit.model.variant.FactorisedSelfAttention;
import vivit.model.variant.FactorisedSelfAttention.AttentionOrder;
import vivit.model.variant.SpaceTime;
import vivit.model.variant.Variant;
import vivit.spark.input.RandAugment;
import vivit.spark.input.ResizedCrop;
import vivit.spark.schedule.Strength;

/** The published recipes against tables of their own (docs/vivit.md, 2.11, 5.4, 5.5 and 9). */
class RecipesTest {

  @Test
  void everyFileIsInTheTablesOfThisTest() {
    assertThat(Recipe.names())
        .containsExactly(
            "finetune-adamw",
            "small",
            "tiny",
            "vivit-b-16x2-fdp-k400",
            "vivit-b-16x2-fe-epic",
            "vivit-b-16x2-fe-frozen-k400",
            "vivit-b-16x2-fe-k400",
            "vivit-b-16x2-fsa-k400",
            "vivit-b-16x2-k400",
            "vivit-l-16x2-fe-epic",
            "vivit-l-16x2-fe-k400",
            "vivit-l-16x2-fe-k600",
            "vivit-l-16x2-fe-mit",
            "vivit-l-16x2-fe-ssv2",
            "vivit-l-16x2-k400");
  }

  /** The values of VideoMAE's script, and its rule for the rate: 1e-3 for 256 different clips. */
  @Test
  void fineTuningIsAsVideoMae() {
    Recipe recipe = new Recipe("finetune-adamw");
    Experiment experiment = recipe.experiment();
    TrainingSettings training = experiment.training();

    assertThat(training.repeats()).isEqualTo(2);
    assertThat(training.learningRate().base()).isEqualTo(1e-3 * training.stepClips() / 256);
    assertThat(training.learningRate().layerDecay()).isEqualTo(0.75);
    assertThat(training.updates().optimiser().rule())
        .isEqualTo(new UpdateRule.AdamW(0.9, 0.999, 1e-8));
    assertThat(training.dropPathRule()).isEqualTo(DropPath.Rule.TIMM);
    assertThat(training.augmentation().randAugment())
        .isEqualTo(new RandAugment(RandAugment.AugmentRule.TIMM, 4, 0.5));
    assertThat(training.augmentation().resizedCrop()).isEqualTo(new ResizedCrop(0.08, 4.0 / 3));
    assertThat(strengths(training))
        .containsAllEntriesOf(
            Map.of(
                Strength.DROP_PATH, 0.1,
                Strength.MIXUP, 0.8,
                Strength.CUTMIX, 1.0,
                Strength.MIX_SWITCH, 0.5,
                Strength.LABEL_SMOOTHING, 0.1,
                Strength.WEIGHT_DECAY, 0.05,
                Strength.RAND_AUGMENT, 7.0,
                Strength.RANDOM_ERASING, 0.25));
    assertThat(recipe.stated().getInt("prepare.frames"))
        .isGreaterThan(experiment.model().clip().frames());
  }

  /** Variant, layers, temporal layers (0: none), crop and exact parameters. */
  @ParameterizedTest
  @CsvSource({
    "vivit-b-16x2-k400,           space-time,              12, 0,  224, 88954000",
    "vivit-b-16x2-fe-k400,        factorised-encoder,      12, 4,  224, 115062928",
    "vivit-b-16x2-fe-frozen-k400, factorised-encoder,      12, 4,  224, 115062928",
    "vivit-b-16x2-fsa-k400,       factorised-self-attention, 12, 0, 224, 117319312",
    "vivit-b-16x2-fdp-k400,       factorised-dot-product,  12, 0,  224, 88952464",
    "vivit-b-16x2-fe-epic,        factorised-encoder,      12, 4,  224, 115060621",
    "vivit-l-16x2-k400,           space-time,              24, 0,  224, 307508624",
    "vivit-l-16x2-fe-k400,        factorised-encoder,      24, 24, 224, 606827920",
    "vivit-l-16x2-fe-k600,        factorised-encoder,      24, 24, 224, 607032920",
    "vivit-l-16x2-fe-mit,         factorised-encoder,      24, 24, 224, 606765395",
    "vivit-l-16x2-fe-epic,        factorised-encoder,      24, 4,  224, 354900365",
    "vivit-l-16x2-fe-ssv2,        factorised-encoder,      24, 4,  256, 354733230"
  })
  void modelsAreThePublishedOnes(
      String name, String variant, int layers, int temporalLayers, int crop, long parameters) {
    Recipe recipe = new Recipe(name);
    ModelSettings model = recipe.experiment().model();

    assertThat(model.variant()).isEqualTo(variant(variant, layers, temporalLayers));
    assertThat(List.of(model.clip().frames(), model.clip().height(), model.clip().width()))
        .containsExactly(32, crop, crop);
    assertThat(List.of(model.tubelet().frames(), model.tubelet().height())).containsExactly(2, 16);
    assertThat(recipe.parameters()).isEqualTo(parameters);
  }

  /** Rate, epochs, regularisers and what training shards hold. */
  @ParameterizedTest
  @CsvSource({
    // name,                      rate, epochs, drop, layers, strength, mixup, smooth, colour, grey
    "vivit-b-16x2-k400,           0.1,  30, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-b-16x2-fe-k400,        0.05, 30, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-b-16x2-fe-frozen-k400, 0.05, 30, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-b-16x2-fsa-k400,       0.1,  30, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-b-16x2-fdp-k400,       0.1,  30, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-b-16x2-fe-epic,        0.5,  50, 0.2, 2, 15, 0.1, 0.2, 0,   0,   1, 25, 256",
    "vivit-l-16x2-k400,           0.1,  30, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-l-16x2-fe-k400,        0.1,  30, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-l-16x2-fe-k600,        0.05, 30, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-l-16x2-fe-mit,         0.25, 10, 0,   0, 0,  0,   0,   0.8, 0.1, 2, 25, 256",
    "vivit-l-16x2-fe-epic,        0.5,  50, 0.2, 2, 15, 0.1, 0.2, 0,   0,   1, 25, 256",
    "vivit-l-16x2-fe-ssv2,        0.4,  35, 0.3, 2, 20, 0.3, 0.3, 0,   0,   1, 12, 288"
  })
  void trainingIsAsPublished(
      String name,
      double base,
      int epochs,
      double dropPath,
      int randAugmentLayers,
      double randAugment,
      double mixup,
      double labelSmoothing,
      double colour,
      double grey,
      int stride,
      double framesPerSecond,
      int shortSide) {
    Recipe recipe = new Recipe(name);
    TrainingSettings training = recipe.experiment().training();

    assertThat(training.learningRate().base()).isEqualTo(base);
    assertThat(training.learningRate().warmup()).isEqualTo(new Span(2.5, Span.Unit.EPOCHS));
    assertThat(training.epochs()).isEqualTo(epochs);
    assertThat(training.batchSize()).isEqualTo(64);
    assertThat(training.augmentation().randAugment())
        .isEqualTo(new RandAugment(RandAugment.AugmentRule.REFERENCE, randAugmentLayers, 0));
    assertThat(strengths(training))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry(Strength.DROP_PATH, dropPath),
                Map.entry(Strength.DROPOUT, 0.0),
                Map.entry(Strength.ATTENTION_DROPOUT, 0.0),
                Map.entry(Strength.MIXUP, mixup),
                Map.entry(Strength.CUTMIX, 0.0),
                Map.entry(Strength.MIX_SWITCH, 0.5),
                Map.entry(Strength.LABEL_SMOOTHING, labelSmoothing),
                Map.entry(Strength.WEIGHT_DECAY, 0.0),
                Map.entry(Strength.EMA_DECAY, 0.0),
                Map.entry(Strength.SCALE_JITTER, 1.0),
                Map.entry(Strength.FLIP, 0.5),
                Map.entry(Strength.RAND_AUGMENT, randAugment),
                Map.entry(Strength.COLOUR_JITTER, colour),
                Map.entry(Strength.GREY, grey),
                Map.entry(Strength.RANDOM_ERASING, 0.0)));
    assertThat(training.augmentation().minScale()).isEqualTo(0.9);
    assertThat(training.augmentation().maxScale()).isEqualTo(1.33);
    Config effective = recipe.stated().withFallback(base()).resolve();
    assertThat(effective.getInt("prepare.frames")).isEqualTo(32);
    assertThat(effective.getInt("prepare.stride")).isEqualTo(stride);
    assertThat(effective.getDouble("prepare.frames-per-second")).isEqualTo(framesPerSecond);
    assertThat(effective.getInt("prepare.short-side")).isEqualTo(shortSide);
    assertThat(effective.getInt("prepare.views")).isEqualTo(4);
    assertThat(effective.getInt("evaluate.crops")).isEqualTo(name.endsWith("epic") ? 1 : 3);
  }

  /** Momentum 0.9, norm 1 on replicas of 2 clips, and where the parameters come from. */
  @ParameterizedTest
  @MethodSource("published")
  void updatesAndInitialisationAreAsPublished(String name) {
    Experiment experiment = new Recipe(name).experiment();

    assertThat(experiment.training().updates())
        .isEqualTo(
            new TrainingSettings.Updates(
                new Optimiser(new UpdateRule.Sgd(0.9), 1.0, ClipEach.MICRO_BATCH),
                2,
                experiment.training().updates().recompute(),
                name.contains("frozen")
                    ? List.of(
                        new ParameterGlob("embedding/**"),
                        new ParameterGlob("SpatialTransformer/**"))
                    : List.of()));
    assertThat(experiment.training().mixupGroup()).isEqualTo(2);
    InitialisationOptions options = experiment.initialisation().options();
    assertThat(options.kernel()).isEqualTo(KernelInflation.CENTRAL_FRAME);
    assertThat(options.positions())
        .isEqualTo(name.endsWith("ssv2") ? PositionChange.RESIZE : PositionChange.TILE);
    assertThat(options.temporalAttention())
        .isEqualTo(name.contains("fsa") ? TemporalAttention.ZERO_OUTPUT : TemporalAttention.COPY);
  }

  /**
   * The original trainer's own steps per epoch. That of Something-Something v2 cut its warm-up of
   * 6597.5 steps to 6597, hence its tolerance.
   */
  @ParameterizedTest
  @CsvFileSource(resources = "/golden/v1/tables/learning_rate.csv", useHeadersInDisplayName = true)
  void ratesFollowTheGoldenTable(
      String dataset, double base, double warmup, long total, long step, double rate) {
    String name =
        switch (dataset) {
          case "kinetics400" -> "vivit-l-16x2-fe-k400";
          case "kinetics400_base_factorised" -> "vivit-b-16x2-fe-k400";
          case "kinetics600" -> "vivit-l-16x2-fe-k600";
          case "moments_in_time" -> "vivit-l-16x2-fe-mit";
          case "epic_kitchens" -> "vivit-l-16x2-fe-epic";
          case "something_something_v2" -> "vivit-l-16x2-fe-ssv2";
          default -> throw new IllegalArgumentException(dataset);
        };
    TrainingSettings training = new Recipe(name).experiment().training();
    double tolerance = dataset.equals("something_something_v2") ? 1e-4 * rate + 1e-9 * base : 0;

    assertThat(training.values(step, total / training.epochs()).learningRate())
        .isCloseTo(rate, within(1e-14 * base + tolerance));
  }

  /** Table 4 of the paper: each step is the one before it and one more regulariser. */
  @Test
  void theAblationAddsOneRegulariserAfterTheOther() {
    Recipe recipe = new Recipe("vivit-b-16x2-fe-epic");
    Map<String, List<String>> results = recipe.results();

    assertThat(results.keySet()).containsExactly("38.4", "39.6", "40.2", "41.1", "43.1", "43.7");
    assertThat(ablation(recipe, "38.4")).isEqualTo("ViT-B_16.npz 0.0 0 0.0 0.0 0.8 0.1");
    assertThat(ablation(recipe, "39.6")).isEqualTo("runs/b-fe-k400 0.0 0 0.0 0.0 0.8 0.1");
    assertThat(ablation(recipe, "40.2")).isEqualTo("runs/b-fe-k400 0.2 0 0.0 0.0 0.8 0.1");
    assertThat(ablation(recipe, "41.1")).isEqualTo("runs/b-fe-k400 0.2 2 0.0 0.0 0.0 0.0");
    assertThat(ablation(recipe, "43.1")).isEqualTo("runs/b-fe-k400 0.2 2 0.2 0.0 0.0 0.0");
    assertThat(ablation(recipe, "43.7")).isEqualTo("runs/b-fe-k400 0.2 2 0.2 0.1 0.0 0.0");
  }

  /** Tables 1, 2, 3, 5 and 6. */
  @Test
  void theOtherFiguresOfTheHeadersAreReachedByTheirKeys() {
    assertThat(new Recipe("vivit-b-16x2-k400").results())
        .containsOnlyKeys("78.5", "73.2", "77.6", "79.2");
    assertThat(result("vivit-b-16x2-k400", "78.5").model().sampledFrames()).isEqualTo(8);
    assertThat(result("vivit-b-16x2-k400", "79.2").model().tubelet().frames()).isEqualTo(4);
    assertThat(result("vivit-b-16x2-k400", "77.6").initialisation().options().kernel())
        .isEqualTo(KernelInflation.AVERAGE);
    assertThat(result("vivit-b-16x2-k400", "73.2").initialisation().options().restored())
        .doesNotContain(InitialisationOptions.ModelPart.EMBEDDING);
    assertThat(new Recipe("vivit-b-16x2-fe-k400").results())
        .containsOnlyKeys("75.8", "78.6", "78.8", "78.9");
    assertThat(result("vivit-b-16x2-fe-k400", "75.8").model().variant())
        .isEqualTo(new AveragePool(12));
    assertThat(result("vivit-b-16x2-fe-k400", "78.9").model().variant())
        .isEqualTo(new FactorisedEncoder(12, 12));
    assertThat(result("vivit-l-16x2-k400", "80.7").model().clip().width()).isEqualTo(288);
    assertThat(result("vivit-l-16x2-k400", "81.0").model().clip().height()).isEqualTo(320);
    assertThat(result("vivit-l-16x2-fe-k400", "80.6").model().clip().frames()).isEqualTo(128);
    assertThat(result("vivit-l-16x2-fe-k400", "81.7").model().clip().frames()).isEqualTo(128);
  }

  @ParameterizedTest
  @MethodSource("published")
  void headersHoldTheFourCommands(String name) {
    Recipe recipe = new Recipe(name);

    assertThat(recipe.commands())
        .extracting(words -> words.get(0))
        .containsExactly("prepare", "prepare", "train", "evaluate");
    for (List<String> words : recipe.commands()) {
      assertThat(words.get(1)).isEqualTo(recipe.file());
      StrictConfig config = recipe.config(words.subList(2, words.size()).toArray(String[]::new));
      Experiment.read(config);
      config.check();
      assertThat(words.subList(2, words.size()))
          .allMatch(word -> word.startsWith(words.get(0)) || word.startsWith("initialise.from="));
    }
  }

  /** What a file repeats would no longer follow a change of the defaults. */
  @ParameterizedTest
  @MethodSource("published")
  void filesStateOnlyWhatDiffers(String name) {
    Config base = base().resolve();

    assertThat(new Recipe(name).stated().entrySet())
        .allSatisfy(
            entry ->
                assertThat(
                        base.hasPath(entry.getKey())
                            ? base.getValue(entry.getKey()).unwrapped()
                            : "not set")
                    .as(entry.getKey())
                    .isNotEqualTo(entry.getValue().unwrapped()));
  }

  @Test
  void theDemoIsSound() {
    assertThat(new Recipe("tiny").experiment().model().width()).isEqualTo(48);
  }

  static List<String> published() {
    return Recipe.names().stream().filter(name -> name.startsWith("vivit-")).toList();
  }

  private static Experiment result(String name, String figure) {
    Recipe recipe = new Recipe(name);
    return recipe.experiment(recipe.results().get(figure).toArray(String[]::new));
  }

  /** Start, stochastic depth, RandAugment layers, smoothing, mixup, colour jitter, grey. */
  private static String ablation(Recipe recipe, String figure) {
    Experiment experiment = result(recipe.name(), figure);
    TrainingSettings training = experiment.training();
    Map<Strength, Double> strengths = strengths(training);
    return String.join(
        " ",
        experiment.initialisation().from().orElse("random"),
        strengths.get(Strength.DROP_PATH).toString(),
        Integer.toString(training.augmentation().randAugment().layers()),
        strengths.get(Strength.LABEL_SMOOTHING).toString(),
        strengths.get(Strength.MIXUP).toString(),
        strengths.get(Strength.COLOUR_JITTER).toString(),
        strengths.get(Strength.GREY).toString());
  }

  private static Map<Strength, Double> strengths(TrainingSettings training) {
    Map<Strength, Double> strengths = new EnumMap<>(Strength.class);
    training
        .schedules()
        .forEach((strength, schedule) -> strengths.put(strength, schedule.at(0, 1000)));
    return strengths;
  }

  private static Config base() {
    return ConfigFactory.parseResources("conf/base.conf");
  }

  private static Variant variant(String kind, int layers, int temporalLayers) {
    return switch (kind) {
      case "space-time" -> new SpaceTime(layers);
      case "factorised-encoder" -> new FactorisedEncoder(layers, temporalLayers);
      case "factorised-self-attention" ->
          new FactorisedSelfAttention(layers, AttentionOrder.SPACE_TIME);
      case "factorised-dot-product" -> new FactorisedDotProduct(layers);
      default -> throw new IllegalArgumentException(kind);
    };
  }
}
