package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vivit.dataprep.config.StrictConfig;
import vivit.spark.config.Experiment;
import vivit.spark.config.TrainingSettings;
import vivit.spark.input.ReadAhead;
import vivit.spark.input.StepOrder;
import vivit.spark.train.RoundPlanner.RoundWork;

class RoundPlannerTest {

  @Property(tries = 60)
  void roundsCoverTheRunAndEndWithTheEpochUnlessTheyAreLonger(
      @ForAll @IntRange(min = 1, max = 60) int clips,
      @ForAll @IntRange(min = 1, max = 9) int batch,
      @ForAll @IntRange(min = 1, max = 5) int frequency,
      @ForAll @IntRange(min = 1, max = 4) int workers) {
    RoundPlanner planner = new RoundPlanner(settings(batch, frequency), clips, workers);
    List<Integer> used = new ArrayList<>();
    long step = 0;
    while (step < planner.totalSteps()) {
      long end = planner.end(step);
      if (frequency < planner.stepsPerEpoch()) {
        assertThat((end - 1) / planner.stepsPerEpoch()).isEqualTo(step / planner.stepsPerEpoch());
      } else {
        assertThat(end).isEqualTo(Math.min(step + frequency, planner.totalSteps()));
      }
      List<RoundWork> round = planner.round(step);
      assertThat(round).hasSize(workers);
      for (RoundWork work : round) {
        assertThat(work.orders()).hasSize((int) (end - step)).hasSizeLessThanOrEqualTo(frequency);
        assertThat(work.later())
            .isEqualTo(next(planner, end, work.worker()))
            .hasSizeLessThan(ReadAhead.BUFFERS);
        work.orders().forEach(order -> Arrays.stream(order.piece().clips()).forEach(used::add));
      }
      step = end;
    }

    assertThat(used.stream().collect(Collectors.groupingBy(c -> c, Collectors.counting())))
        .hasSize(clips)
        .allSatisfy((clip, times) -> assertThat(times).isEqualTo(2));
  }

  @Test
  void aRunHasAsManyEpochsAsItsLeastStepsTake() {
    TrainingSettings settings =
        Experiment.read(
                StrictConfig.load("train.epochs=2", "train.min-steps=21", "train.batch-size=8"))
            .training();
    assertThat(settings.totalSteps(5)).isEqualTo(25);
    assertThat(settings.totalSteps(7)).isEqualTo(21);
    assertThat(settings.totalSteps(100)).isEqualTo(200);
    assertThat(new RoundPlanner(settings, 40, 1).totalSteps()).isEqualTo(25);
    assertThat(settings.learningRates(5).at(24)).isBetween(1e-4, 1e-2);
  }

  /** The first steps of the round after; none after the last. */
  private static List<StepOrder> next(RoundPlanner planner, long step, int worker) {
    if (step == planner.totalSteps()) {
      return List.of();
    }
    List<StepOrder> orders = planner.round(step).get(worker).orders();
    return orders.subList(0, Math.min(ReadAhead.BUFFERS - 1, orders.size()));
  }

  private static TrainingSettings settings(int batch, int frequency) {
    StrictConfig config =
        StrictConfig.load(
            "train.epochs=2",
            "train.learning-rate.warmup=0 steps",
            "train.batch-size=" + batch,
            "train.averaging.every=" + frequency);
    return Experiment.read(config).training();
  }
}
