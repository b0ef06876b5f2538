package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.label.LabelHead;
import vivit.dataprep.label.LabelHeads;
import vivit.dataprep.label.LabelMap;
import vivit.dataprep.label.Labelling;
import vivit.spark.checkpoint.LoggedLines;
import vivit.spark.config.Experiment;
import vivit.spark.train.RoundPart.StepOutcome;
import vivit.spark.train.RoundPart.WorkerReport;

/** Runs of 8 epochs of 10 steps, with two workers and 4 clips of each a step. */
class RoundWarningsTest {
  private static final double LN_100 = 4.605170186;

  @Test
  void warnsOnceOfGradientsThatAreNearlyAllClipped() {
    List<String> lines = run(heads(100), step -> step % 10 == 7 ? 0.5 : 3, step -> 1);
    assertThat(lines).isEmpty(); // 9 of 10

    lines = run(heads(100), step -> step < 30 ? 3 : 0.5, step -> 1);
    assertThat(lines).isEmpty(); // long before half of the run, then short

    lines = run(heads(100), step -> step == 37 ? 0.5 : 3, step -> 1);
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith(
            "WARN 20 of the 20 gradients of epoch 4 were longer than train.max-gradient-norm=1.0, on"
                + " average 3.00: the limit sets");
  }

  @ParameterizedTest
  @CsvSource({
    "train.max-gradient-norm=0",
    "train.max-gradient-norm=5",
    "'train.clip-each=micro-batch;train.micro-batch=2'"
  })
  void whatIsNotClippedAsAWholeIsNotWarnedOf(String keys) {
    assertThat(run(heads(100), step -> 3, step -> 1, keys.split(";"))).isEmpty();
  }

  @Test
  void warnsOnceOfALossThatStaysThatOfGuessing() {
    List<String> lines = run(heads(100), step -> 0.1, step -> LN_100 * 0.985);

    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith(
            "WARN After 20 of 80 steps the training loss is 4.5361, and guessing gives 4.6052");
  }

  @Test
  void aLossThatFallsInTimeIsFine() {
    assertThat(run(heads(100), step -> 0.1, step -> LN_100 * 0.97)).isEmpty();
    assertThat(run(heads(100), step -> 0.1, step -> step < 10 ? LN_100 : LN_100 / 2)).isEmpty();
  }

  @Test
  void theLossOfSeveralHeadsIsTheMeanOfTheirs() {
    LabelHeads two = new LabelHeads(List.of(head("noun", 100), head("verb", 10)));

    assertThat(run(two, step -> 0.1, step -> 0.75 * LN_100)).hasSize(1);
    assertThat(run(two, step -> 0.1, step -> 0.73 * LN_100)).isEmpty();
  }

  /**
   * The entropy of labels smoothed by 0.2 over 3 classes is 0.4851, that of a mixture of two
   * classes at most 0.6931, and ln 3 is 1.0986.
   */
  @ParameterizedTest
  @CsvSource({
    "2, train.mixup=0, true",
    "2, train.mixup=0.3, false",
    "3, train.mixup=0.3, true",
    "3, train.label-smoothing=0.2, true",
    "3, 'train.label-smoothing=0.2;train.mixup=0.3', false",
    "3, train.label-smoothing=0.7, false",
    "174, 'train.label-smoothing=0.3;train.mixup=0.3', true",
    "300, 'train.label-smoothing=linear 0.0 to 0.9 from 0 epochs until 2 epochs', false",
  })
  void labelsThatKeepTheLossUpAreNotMistakenForGuessing(int classes, String keys, boolean warned) {
    assertThat(run(heads(classes), step -> 0.1, step -> Math.log(classes), keys.split(";")))
        .hasSize(warned ? 1 : 0);
  }

  @Test
  void severalClassesPerVideoHaveAnotherLoss() {
    LabelHeads many =
        new LabelHeads(List.of(new LabelHead("label", Labelling.MULTI_LABEL, names(100))));

    assertThat(run(many, step -> 0.1, step -> LN_100)).isEmpty();
  }

  /** An epoch that another execution of the program began is not judged. */
  @Test
  void onlyWholeEpochsAreJudged() {
    try (LoggedLines log = new LoggedLines(RoundWarnings.class.getName())) {
      RoundWarnings warnings = warnings(heads(100));
      for (long step = 73; step < 80; step++) {
        warnings.add(step, step + 1, reports(step, 3, LN_100));
      }
      assertThat(log.take()).isEmpty();
    }
  }

  private interface OfStep {
    double at(long step);
  }

  private static List<String> run(LabelHeads heads, OfStep norm, OfStep loss, String... keys) {
    try (LoggedLines log = new LoggedLines(RoundWarnings.class.getName())) {
      RoundWarnings warnings = warnings(heads, keys);
      for (long step = 0; step < 80; step++) {
        warnings.add(step, step + 1, reports(step, norm.at(step), loss.at(step)));
      }
      return log.take();
    }
  }

  private static RoundWarnings warnings(LabelHeads heads, String... keys) {
    List<String> all = new ArrayList<>(List.of("train.epochs=8"));
    all.addAll(List.of(keys));
    StrictConfig config = StrictConfig.load(all.toArray(String[]::new));
    Experiment experiment = Experiment.read(config);
    config.check();
    return new RoundWarnings(experiment.training(), heads, 10);
  }

  private static List<WorkerReport> reports(long step, double norm, double loss) {
    return IntStream.range(0, 2)
        .mapToObj(
            worker ->
                new WorkerReport(
                    worker,
                    List.of(new StepOutcome(step, 4, 4 * loss, 0, norm, "", List.of(), List.of())),
                    1,
                    0,
                    0))
        .toList();
  }

  private static LabelHeads heads(int classes) {
    return new LabelHeads(List.of(head("label", classes)));
  }

  private static LabelHead head(String name, int classes) {
    return new LabelHead(name, Labelling.SINGLE_LABEL, names(classes));
  }

  private static LabelMap names(int classes) {
    return LabelMap.of(IntStream.range(0, classes).mapToObj(k -> "class " + k).toList());
  }
}
