package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vivit.dataprep.config.StrictConfig;
import vivit.spark.config.Experiment;
import vivit.spark.input.StepOrder;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

/** What the schedules say after a resume is what they would have said without. */
class ScheduleResumeTest {
  private static final int CLIPS = 23;

  @Property(tries = 40)
  void everyScheduleGoesOnAtAnyRound(
      @ForAll @IntRange(min = 1, max = 5) int frequency,
      @ForAll @IntRange(min = 1, max = 3) int workers,
      @ForAll @IntRange(min = 0, max = 30) int stop)
      throws IOException {
    Experiment experiment = read(keys(frequency));
    List<StepValues> undisturbed = values(planner(experiment, workers), 0);

    RoundPlanner first = planner(experiment, workers);
    List<StepValues> found = new ArrayList<>();
    long step = 0;
    while (step < Math.min(stop, first.totalSteps())) {
      first.round(step).get(0).orders().forEach(order -> found.add(order.values()));
      step = first.end(step);
    }
    // What a checkpoint keeps is the step and the effective configuration.
    Path file = Files.createTempFile("effective", ".conf");
    Files.writeString(file, experiment.effective().text());
    Experiment kept = Experiment.read(StrictConfig.load(file.toString()));
    Files.delete(file);
    found.addAll(values(planner(kept, workers), step));

    assertThat(found).isEqualTo(undisturbed).hasSize(24);
  }

  @Test
  void everyStrengthChangesAlongTheRun() {
    List<StepValues> values = values(planner(read(keys(2)), 1), 0);

    for (Strength strength : Strength.values()) {
      assertThat(values.stream().map(all -> all.of(strength)).distinct())
          .as("%s", strength)
          .hasSizeGreaterThan(2);
    }
  }

  private static List<StepValues> values(RoundPlanner planner, long from) {
    List<StepValues> values = new ArrayList<>();
    for (long step = from; step < planner.totalSteps(); step = planner.end(step)) {
      for (StepOrder order : planner.round(step).get(0).orders()) {
        values.add(order.values());
      }
    }
    return values;
  }

  private static RoundPlanner planner(Experiment experiment, int workers) {
    return new RoundPlanner(experiment.training(), CLIPS, workers);
  }

  /** A schedule of another kind for each strength in turn. */
  private static String[] keys(int frequency) {
    List<String> forms =
        List.of(
            "linear 0.1 to 0.9 from 0.5 epochs until 2.5 epochs",
            "cosine 0.8 to 0.2 from 3 steps until 17 steps",
            "0.1 at 0 epochs, 0.3 at 5 steps, 0.2 at 2 epochs");
    List<String> keys =
        new ArrayList<>(
            List.of(
                "train.epochs=3",
                "train.batch-size=3",
                "train.mixup-group=3",
                "train.rand-augment.layers=1",
                "train.averaging.every=" + frequency,
                "train.learning-rate.warmup=0.7 epochs"));
    for (Strength strength : Strength.values()) {
      keys.add("train." + strength.key() + "=" + forms.get(keys.size() % forms.size()));
    }
    return keys.toArray(String[]::new);
  }

  private static Experiment read(String... keys) {
    assertThat(Arrays.asList(keys)).doesNotHaveDuplicates();
    return Experiment.read(StrictConfig.load(keys));
  }
}
