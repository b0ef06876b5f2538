package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import vivit.spark.input.StepOrder.StepPiece;

class EpochPlanTest {

  @Property(tries = 300)
  void usesEveryClipExactlyOnce(
      @ForAll @IntRange(min = 1, max = 500) int clips,
      @ForAll @IntRange(min = 1, max = 20) int groupsPerBatch,
      @ForAll @IntRange(min = 1, max = 4) int group,
      @ForAll long seed,
      @ForAll @IntRange(max = 50) int epoch) {
    EpochPlan plan =
        EpochPlan.of(new EpochPlan.PlanKey(seed, clips, groupsPerBatch * group, group), epoch);

    int[] used =
        IntStream.range(0, plan.steps())
            .flatMap(step -> Arrays.stream(plan.clips(step)))
            .sorted()
            .toArray();

    assertThat(used).isEqualTo(IntStream.range(0, clips).toArray());
  }

  @Property(tries = 300)
  void stepsDifferByAtMostOneGroupAndNeverExceedTheBatch(
      @ForAll @IntRange(min = 1, max = 500) int clips,
      @ForAll @IntRange(min = 1, max = 20) int groupsPerBatch,
      @ForAll @IntRange(min = 1, max = 4) int group) {
    int batch = groupsPerBatch * group;
    EpochPlan plan = EpochPlan.of(new EpochPlan.PlanKey(7, clips, batch, group), 0);

    assertThat(plan.steps()).isEqualTo((clips + batch - 1) / batch);
    int[] groups =
        IntStream.range(0, plan.steps())
            .map(step -> (plan.clips(step).length + group - 1) / group)
            .toArray();
    assertThat(Arrays.stream(groups).max().orElseThrow())
        .isLessThanOrEqualTo(groupsPerBatch)
        .isLessThanOrEqualTo(Arrays.stream(groups).min().orElseThrow() + 1);
  }

  @Property(tries = 300)
  void piecesOfAnyNumberOfWorkersAreTheStepInWholeGroups(
      @ForAll @IntRange(min = 1, max = 300) int clips,
      @ForAll @IntRange(min = 1, max = 4) int group,
      @ForAll @IntRange(min = 1, max = 9) int workers) {
    EpochPlan plan = EpochPlan.of(new EpochPlan.PlanKey(3, clips, 6 * group, group), 2);
    for (int step = 0; step < plan.steps(); step++) {
      List<StepPiece> pieces = plan.pieces(step, workers);
      assertThat(pieces).hasSize(workers);
      assertThat(pieces.stream().flatMapToInt(piece -> Arrays.stream(piece.clips())).toArray())
          .isEqualTo(plan.clips(step));
      int next = 0;
      for (StepPiece piece : pieces) {
        assertThat(piece.firstGroup()).isEqualTo(next);
        next += piece.groups();
      }
    }
  }

  @Test
  void anotherEpochOrSeedIsAnotherOrder() {
    EpochPlan.PlanKey key = new EpochPlan.PlanKey(1, 100, 100, 1);

    assertThat(EpochPlan.of(key, 0).clips(0)).isEqualTo(EpochPlan.of(key, 0).clips(0));
    assertThat(EpochPlan.of(key, 0).clips(0)).isNotEqualTo(EpochPlan.of(key, 1).clips(0));
    assertThat(EpochPlan.of(key, 0).clips(0))
        .isNotEqualTo(EpochPlan.of(new EpochPlan.PlanKey(2, 100, 100, 1), 0).clips(0));
  }

  @Test
  void everyPositionIsEquallyLikely() {
    int[][] counts = new int[4][4];
    for (int epoch = 0; epoch < 8000; epoch++) {
      int[] order = EpochPlan.of(new EpochPlan.PlanKey(11, 4, 4, 1), epoch).clips(0);
      for (int position = 0; position < 4; position++) {
        counts[position][order[position]]++;
      }
    }

    for (int[] row : counts) {
      assertThat(Arrays.stream(row).boxed())
          .allSatisfy(count -> assertThat(count).isBetween(1800, 2200));
    }
  }

  /** Classes of very different sizes, in any order, with gaps among the ids. */
  @Property(tries = 300)
  void aBalancedEpochHasEveryClassEquallyOften(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 40) Integer> sizes,
      @ForAll long seed,
      @ForAll @IntRange(max = 50) int epoch) {
    int[] classes = classes(sizes, seed);
    EpochPlan plan = balanced(seed, classes, epoch);

    int[] drawn = new int[classes.length];
    int[] perClass = new int[2 * sizes.size()];
    int all = 0;
    for (int step = 0; step < plan.steps(); step++) {
      for (StepPiece piece : plan.pieces(step, 3)) {
        for (int i = 0; i < piece.clips().length; i++) {
          drawn[piece.clips()[i]]++;
          perClass[classes[piece.clips()[i]]]++;
          all++;
        }
      }
    }
    assertThat(all).isEqualTo(classes.length);
    int least = classes.length / sizes.size();
    for (int c = 0; c < sizes.size(); c++) {
      assertThat(perClass[2 * c]).isBetween(least, least + 1);
    }
    for (int clip = 0; clip < classes.length; clip++) { // without replacement
      int of = sizes.get(classes[clip] / 2);
      int times = perClass[classes[clip]];
      assertThat(drawn[clip]).isBetween(times / of, (times + of - 1) / of);
    }
  }

  /** However a clip's draws lie in the epoch, they are counted 0, 1, 2 and so on. */
  @Property(tries = 100)
  void everyDrawOfAClipHasANumberOfItsOwn(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 40) Integer> sizes,
      @ForAll long seed) {
    EpochPlan plan = balanced(seed, classes(sizes, seed), 1);
    Map<Integer, List<Integer>> numbers = new HashMap<>();
    for (int step = 0; step < plan.steps(); step++) {
      for (StepPiece piece : plan.pieces(step, 2)) {
        for (int i = 0; i < piece.clips().length; i++) {
          numbers
              .computeIfAbsent(piece.clips()[i], clip -> new ArrayList<>())
              .add(piece.earlier()[i]);
        }
      }
    }
    assertThat(numbers.values())
        .allSatisfy(
            found ->
                assertThat(found)
                    .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, found.size()).boxed().toList()));
  }

  /** A rare class of 2 clips and a common one of 98: every common clip has its turn. */
  @Test
  void allClipsOfACommonClassAreDrawnOverTheEpochs() {
    int[] classes = IntStream.range(0, 100).map(clip -> clip < 2 ? 0 : 1).toArray();
    int[] drawn = new int[100];
    for (int epoch = 0; epoch < 400; epoch++) {
      EpochPlan plan = balanced(5, classes, epoch);
      for (int step = 0; step < plan.steps(); step++) {
        Arrays.stream(plan.clips(step)).forEach(clip -> drawn[clip]++);
      }
    }
    assertThat(drawn[0]).isEqualTo(400 * 25);
    assertThat(drawn[1]).isEqualTo(400 * 25);
    for (int clip = 2; clip < 100; clip++) {
      assertThat(drawn[clip]).isBetween(150, 260); // 400 * 50 / 98 = 204, deviation 10
    }
  }

  @Test
  void aBalancedEpochIsAFunctionOfSeedAndEpoch() {
    int[] classes = classes(List.of(3, 20, 7), 9);
    assertThat(balanced(1, classes, 4).clips(0)).isEqualTo(balanced(1, classes, 4).clips(0));
    assertThat(balanced(1, classes, 4).clips(0)).isNotEqualTo(balanced(1, classes, 5).clips(0));
    assertThat(balanced(1, classes, 4).clips(0)).isNotEqualTo(balanced(2, classes, 4).clips(0));
  }

  private static EpochPlan balanced(long seed, int[] classes, int epoch) {
    return EpochPlan.balanced(new EpochPlan.PlanKey(seed, classes.length, 12, 2), classes, epoch);
  }

  /** The even ids, each for as many clips as given, shuffled. */
  private static int[] classes(List<Integer> sizes, long seed) {
    List<Integer> classes = new ArrayList<>();
    for (int c = 0; c < sizes.size(); c++) {
      classes.addAll(Collections.nCopies(sizes.get(c), 2 * c));
    }
    Collections.shuffle(classes, new Random(seed));
    return classes.stream().mapToInt(id -> id).toArray();
  }

  @Test
  void refusesABatchThatSplitsGroups() {
    assertThatThrownBy(() -> new EpochPlan.PlanKey(0, 10, 5, 2))
        .hasMessageContaining("batches of 5 with mixup groups of 2");
  }
}
