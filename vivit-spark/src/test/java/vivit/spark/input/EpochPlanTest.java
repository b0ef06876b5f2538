package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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

  @Test
  void refusesABatchThatSplitsGroups() {
    assertThatThrownBy(() -> new EpochPlan.PlanKey(0, 10, 5, 2))
        .hasMessageContaining("batches of 5 with mixup groups of 2");
  }
}
