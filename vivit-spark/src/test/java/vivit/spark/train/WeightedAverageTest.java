package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import vivit.spark.train.RoundPart.Averaged;
import vivit.spark.train.RoundPart.Contribution;
import vivit.spark.train.RoundPart.StepOutcome;
import vivit.spark.train.RoundPart.WorkerReport;

class WeightedAverageTest {

  @Test
  void weighsByClips() {
    Averaged average =
        WeightedAverage.average(
            0,
            List.of(
                new Contribution(0, 1, new float[] {1, 10}, new float[] {0}),
                new Contribution(1, 3, new float[] {5, 2}, new float[] {4})));

    assertThat(average.parameters).containsExactly(4, 4);
    assertThat(average.momentum).containsExactly(3);
  }

  @Property(tries = 100)
  void oneWorkerIsItselfToTheBit(@ForAll long seed, @ForAll @IntRange(min = 1) int clips) {
    Contribution only = random(0, clips, new Random(seed));

    assertThat(WeightedAverage.average(0, List.of(only)).parameters).isEqualTo(only.parameters);
  }

  @Property(tries = 100)
  void orderOfArrivalDoesNotMatter(@ForAll long seed) {
    Random random = new Random(seed);
    List<Contribution> workers = new ArrayList<>();
    for (int worker = 0; worker < 7; worker++) {
      workers.add(random(worker, 1 + random.nextInt(9), random));
    }
    float[] before = WeightedAverage.average(0, workers).parameters;
    Collections.shuffle(workers, random);

    assertThat(WeightedAverage.average(0, workers).parameters).isEqualTo(before);
  }

  @Test
  void refusesWorkersThatSawNothing() {
    assertThatThrownBy(
            () ->
                WeightedAverage.average(
                    3, List.of(new Contribution(0, 0, new float[1], new float[1]))))
        .hasMessageContaining("slice 3 of 1 workers without clips");
  }

  @Test
  void averagesThroughTheShuffle() {
    WorkerReport report =
        new WorkerReport(
            1,
            List.of(new StepOutcome(0, 2, 1.5, 1, 0.1, "", List.of("a", "b"), List.of("b"))),
            0.5,
            0.125,
            0.25);
    List<Tuple2<Integer, RoundPart>> parts = new ArrayList<>();
    for (int slice = 0; slice < 3; slice++) {
      for (int worker = 0; worker < 2; worker++) {
        parts.add(
            new Tuple2<>(
                slice,
                new Contribution(
                    worker, worker + 1, new float[] {worker, slice}, new float[] {worker})));
      }
    }
    parts.add(new Tuple2<>(1, report));
    JavaPairRDD<Integer, RoundPart> rdd = TrainingSpark.context().parallelizePairs(parts, 2);

    List<RoundPart> merged = WeightedAverage.collect(rdd, 3);

    assertThat(merged).hasSize(4).contains(report);
    for (RoundPart part : merged) {
      if (part instanceof Averaged averaged) {
        assertThat(averaged.parameters).containsExactly(2 / 3f, averaged.slice);
      }
    }
  }

  @Test
  void leavesNothingInTheShuffle() {
    SparkContext sc = TrainingSpark.context().sc();
    int shuffle = sc.newShuffleId() + 1;
    WeightedAverage.collect(
        TrainingSpark.context()
            .parallelizePairs(
                List.of(new Tuple2<>(0, new Contribution(0, 1, new float[] {1}, new float[] {1})))),
        1);

    assertThat(sc.newShuffleId()).isEqualTo(shuffle + 1);
    assertThat(((MapOutputTrackerMaster) sc.env().mapOutputTracker()).containsShuffle(shuffle))
        .isFalse();
  }

  private static Contribution random(int worker, int clips, Random random) {
    float[] values = new float[5];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Contribution(worker, clips, values, values);
  }
}
