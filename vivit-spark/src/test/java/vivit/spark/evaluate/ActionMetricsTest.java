package vivit.spark.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class ActionMetricsTest {
  private static VideoScore score(int noun, int verb, double[] nouns, double[] verbs) {
    return new VideoScore(
        "v", 1, List.of(new HeadScore(List.of(noun), nouns), new HeadScore(List.of(verb), verbs)));
  }

  /** docs/vivit.md, 11: splits 3 + 2, logits 1 to 5 in every row. */
  @Test
  void jointAccuracyIsTheReferences() {
    double[] nouns = {1, 2, 3};
    double[] verbs = {4, 5};
    int[][] labels = {{1, 0}, {2, 0}, {1, 1}, {2, 1}};
    long[] correct = {0, 0, 0, 1};
    for (int i = 0; i < labels.length; i++) {
      List<VideoScore> scores = List.of(score(labels[i][0], labels[i][1], nouns, verbs));
      assertThat(ActionMetrics.of(scores).correct()).isEqualTo(correct[i]);
    }
  }

  @Test
  void topFiveIsLeftOutWithFivePairsOrFewer() {
    List<VideoScore> few = List.of(score(0, 0, new double[5], new double[1]));
    assertThat(ActionMetrics.of(few).figures()).containsOnlyKeys("top1");
    List<VideoScore> more = List.of(score(0, 0, new double[3], new double[2]));
    assertThat(ActionMetrics.of(more).figures()).containsOnlyKeys("top1", "top5");
  }

  @Test
  void ofEqualProductsTheLowerIdsComeFirst() {
    double[] even = {0.25, 0.25, 0.25, 0.25};
    double[] half = {0.5, 0.5};
    assertThat(ActionMetrics.top(3, even, half))
        .extracting(ActionMetrics.Action::first, ActionMetrics.Action::second)
        .containsExactly(tuple(0, 0), tuple(0, 1), tuple(1, 0));
    assertThat(ActionMetrics.rank(even, half, 2, 1)).isEqualTo(5);
    assertThat(ActionMetrics.of(List.of(score(2, 0, even, half))).inTop5()).isEqualTo(1);
    assertThat(ActionMetrics.of(List.of(score(2, 1, even, half))).inTop5()).isZero();
  }

  private static Tuple tuple(int first, int second) {
    return Tuple.tuple(first, second);
  }

  @Property(tries = 100)
  void ranksAndBestPairsAreThoseOfTheWholeTable(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int nouns,
      @ForAll @IntRange(min = 1, max = 5) int verbs) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] first = random.ints(nouns, 1, 5).mapToDouble(i -> i / 8.0).toArray();
    double[] second = random.ints(verbs, 1, 5).mapToDouble(i -> i / 8.0).toArray();
    List<int[]> table = new ArrayList<>();
    for (int i = 0; i < nouns; i++) {
      for (int j = 0; j < verbs; j++) {
        table.add(new int[] {i, j});
      }
    }
    table.sort(Comparator.comparingDouble((int[] pair) -> -(first[pair[0]] * second[pair[1]])));
    for (int place = 0; place < table.size(); place++) {
      int[] pair = table.get(place);
      assertThat(ActionMetrics.rank(first, second, pair[0], pair[1])).isEqualTo(place);
    }
    List<ActionMetrics.Action> best = ActionMetrics.top(5, first, second);
    assertThat(best).hasSize(Math.min(5, table.size()));
    for (int place = 0; place < best.size(); place++) {
      assertThat(new int[] {best.get(place).first(), best.get(place).second()})
          .isEqualTo(table.get(place));
    }
  }
}
