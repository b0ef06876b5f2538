package vivit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivit.model.shape.ClipShape;
import vivit.model.shape.Tubelet;
import vivit.spark.metrics.RoundPhases;
import vivit.spark.train.RoundCost;
import vivit.spark.train.TrialRounds.Trial;

class RoundReportTest {
  private static final Subject SUBJECT =
      new Subject(
          "factorised-encoder",
          new ClipShape(4, 8, 8),
          new Tubelet(2, 4, 4),
          12,
          2,
          20,
          List.of(2, 1),
          List.of(3),
          1_000,
          "training",
          2,
          2,
          "nothing",
          1,
          1,
          2,
          "an engine");

  /** A round of two steps of 3 s each, and 2 s of everything else. */
  private static Trial trial(double more) {
    RoundPhases phases =
        new RoundPhases(
            7, 0.25, 0.125, 6, 0.125, 0.75 + more, 0.25, 0.25 + more, 0.75, 8_000, 7_000);
    return new Trial(2, 8 + more, new RoundCost(phases, List.of()));
  }

  @Test
  void aFrequencyThatPays() {
    // 3 workers: 3 steps of 2 s alone, one and 1 s of overhead together: from a quarter step on.
    BreakEven three = new BreakEven(3, 2, 1);
    assertThat(three.speed()).isEqualTo(0.25);
    // 2 workers, an overhead of 6 steps: 6 steps each last 6 + 6, as long as 12 steps of one.
    BreakEven two = new BreakEven(2, 0.5, 3);
    assertThat(two.speed()).isEqualTo(6);
    // 114 steps of 0.5 s and 3 s are 60 s, of which 3 s are a twentieth.
    assertThat(two.share(0.05)).isEqualTo(114, within(1e-9));
    assertThat(two.share(0.5)).isEqualTo(6, within(1e-12));
  }

  @Test
  void theOverheadIsARoundWithoutItsSteps() {
    RoundReport report =
        RoundReport.of(
            SUBJECT, 3, 2, 4, List.of(trial(0), trial(10), trial(0.5)), List.of(0.5, 0.125, 0.25));
    assertThat(report.round()).isEqualTo(new RoundReport.Range(8.5, 8, 18));
    assertThat(report.step()).isEqualTo(new RoundReport.Range(3, 3, 3));
    assertThat(report.overhead()).isEqualTo(new RoundReport.Range(2.5, 2, 12));
    assertThat(report.raw()).isEqualTo(new RoundReport.Range(0.25, 0.125, 0.5));
    assertThat(report.overheadToRaw()).isEqualTo(10);
    assertThat(report.bytesInPerParameter()).isEqualTo(8);
    assertThat(report.bytesOutPerParameter()).isEqualTo(7);
    assertThat(report.breakEven()).isEqualTo(2.5 / (2 * 3));
    assertThat(report.fivePercent()).isEqualTo(19 * 2.5 / 3, within(1e-9));
  }

  @Test
  void thePhasesAddUpToTheRound() {
    RoundReport report = RoundReport.of(SUBJECT, 2, 2, 4, List.of(trial(0)), List.of(1.0));
    assertThat(report.phases())
        .extracting(RoundReport.PhaseTime::name)
        .containsExactly("gather", "load", "steps", "contribute", "fetch", "update", "outside");
    assertThat(report.phases().stream().mapToDouble(phase -> phase.seconds().median()).sum())
        .isEqualTo(report.round().median());
    assertThat(report.text())
        .contains(
            "1 rounds of 2 steps, parameters and the optimiser's states averaged after 4 to warm up")
        .contains("in 0.0 MB (8.00 a parameter)")
        .contains("2 workers are faster than one with averaging.every above 0.67");
  }
}
