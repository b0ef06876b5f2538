package vivit.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.dataprep.shard.Manifest;
import vivit.dataprep.shard.Quarantine;
import vivit.dataprep.shard.ShardFile;

class ClassWeightingTest {
  private static final long[] CLIPS = {100, 4, 0, 25};
  private static final LabelHeads HEADS = LabelHeads.of(LabelMap.of(List.of("a", "b", "c", "d e")));

  private static Manifest manifest(LabelHeads heads, long... clips) {
    return new Manifest(
        2,
        "test",
        Purpose.TRAINING,
        new ClipSettings(32, 1, 0, 256, 2, 4),
        heads,
        List.of(new ShardFile("part-00000.parquet", 129, 0, "", 0, "")),
        IntStream.range(0, clips.length).mapToObj(k -> clips[k]).toList(),
        129,
        Quarantine.NONE,
        new TreeMap<>(),
        "");
  }

  private static List<double[]> weights(Manifest manifest, String... keys) {
    StrictConfig config = StrictConfig.load(keys);
    Experiment experiment = Experiment.read(config);
    experiment.checkAgainst(manifest, config);
    config.check();
    return experiment.training().classWeights().weights(manifest);
  }

  @Test
  void noneIsNoWeights() {
    assertThat(weights(manifest(HEADS, CLIPS))).isEmpty();
  }

  /** n / (K n_c), over the K = 3 classes that have clips. */
  @Test
  void inverseWeightsAreBalanced() {
    double[] found = weights(manifest(HEADS, CLIPS), "train.class-weights=inverse").get(0);

    assertThat(found)
        .containsExactly(new double[] {129.0 / 300, 129.0 / 12, 1, 129.0 / 75}, within(1e-12));
    assertThat(mean(found)).isEqualTo(1, within(1e-12));
  }

  /** Proportional to 1/10, 1/2 and 1/5; their sum over clips is 10 + 2 + 5. */
  @Test
  void inverseSquareRootsLieBetween() {
    double[] found =
        weights(manifest(HEADS, CLIPS), "train.class-weights=inverse-square-root").get(0);

    assertThat(found)
        .containsExactly(new double[] {12.9 / 17, 64.5 / 17, 1, 25.8 / 17}, within(1e-12));
    assertThat(mean(found)).isEqualTo(1, within(1e-12));
  }

  private static double mean(double[] weights) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * CLIPS[k];
    }
    return sum / 129;
  }

  @Test
  void factorsAreOnTopOfTheRule() {
    assertThat(
            weights(manifest(HEADS, CLIPS), "train.class-weight-factors={ \"d e\" = 2, a = 0 }")
                .get(0))
        .containsExactly(0, 1, 1, 2);
    assertThat(
            weights(
                    manifest(HEADS, CLIPS),
                    "train.class-weights=inverse",
                    "train.class-weight-factors.b=0.5")
                .get(0)[1])
        .isEqualTo(129.0 / 24, within(1e-12));
  }

  @Test
  void everyHeadHasItsOwnCounts() {
    LabelHeads two =
        new LabelHeads(
            List.of(
                new LabelHead("noun", Labelling.SINGLE_LABEL, LabelMap.of(List.of("a", "b"))),
                new LabelHead("verb", Labelling.SINGLE_LABEL, LabelMap.of(List.of("b", "c")))));

    List<double[]> found = weights(manifest(two, 100, 29, 43, 86), "train.class-weights=inverse");

    assertThat(found.get(0)).containsExactly(new double[] {129.0 / 200, 129.0 / 58}, within(1e-12));
    assertThat(found.get(1)).containsExactly(new double[] {1.5, 0.75}, within(1e-12));
    assertThat(problems(manifest(two, 100, 29, 43, 86), "train.class-weight-factors.b=2"))
        .singleElement()
        .asString()
        .contains(
            "train.class-weight-factors: factors are for shards of one head, but these have 2");
    assertThat(problems(manifest(two, 100, 29, 43, 86), "train.sampling=balanced"))
        .singleElement()
        .asString()
        .contains(
            "train.sampling: found balanced, which needs one class per clip, but the shards have 2"
                + " heads; use all");
  }

  @Test
  void whatTheClassesDoNotAllowIsReported() {
    LabelHeads many =
        new LabelHeads(
            List.of(new LabelHead("mood", Labelling.MULTI_LABEL, LabelMap.of(List.of("a", "b")))));

    assertThat(problems(manifest(many, 100, 29), "train.class-weights=inverse"))
        .singleElement()
        .asString()
        .contains(
            "train.class-weights: class weights are for one class per clip, but the shards are"
                + " multi-label (mood); remove them");
    assertThat(problems(manifest(many, 100, 29), "train.sampling=balanced"))
        .singleElement()
        .asString()
        .contains("the shards are multi-label (mood); use all");
    assertThat(problems(manifest(HEADS, CLIPS), "train.class-weight-factors.clap=2"))
        .singleElement()
        .asString()
        .contains(
            "train.class-weight-factors: the shards have no class \"clap\"; two of their classes"
                + " are \"a\" and \"d e\"");
    assertThat(
            problems(
                manifest(HEADS, CLIPS),
                "train.sampling=balanced",
                "train.class-weights=inverse",
                "train.class-weight-factors.a=-1"))
        .hasSize(2)
        .anyMatch(problem -> problem.contains("balanced sampling already shows every class"))
        .anyMatch(problem -> problem.contains("train.class-weight-factors.\"a\": found"));
  }

  private static List<String> problems(Manifest manifest, String... keys) {
    StrictConfig config = StrictConfig.load(keys);
    Experiment.read(config).checkAgainst(manifest, config);
    return new ArrayList<>(catchThrowableOfType(config::check, ConfigException.class).problems());
  }
}
