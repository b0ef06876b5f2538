package vivit.spark.train;

import java.util.List;
import java.util.stream.Collectors;
import vivit.dataprep.config.Refusal;
import vivit.spark.train.RoundPart.StepOutcome;
import vivit.spark.train.RoundPart.WorkerReport;

/** Training met NaN or infinity; the message names worker, step and clips. */
public final class NonFiniteException extends Refusal {
  private static final long serialVersionUID = 1L;

  /** With the whole sentence. */
  public NonFiniteException(String message) {
    super(message);
  }

  /** What the workers met, one part of a sentence per step; empty if all numbers are finite. */
  static String describe(List<WorkerReport> reports) {
    return reports.stream()
        .flatMap(
            report ->
                report.steps().stream()
                    .filter(step -> !step.nonFinite().isEmpty())
                    .map(step -> describe(report.worker(), step)))
        .collect(Collectors.joining("; "));
  }

  private static String describe(int worker, StepOutcome step) {
    return String.format(
        "step %d, worker %d: %s after training on the clips %s",
        step.step() + 1, worker, step.nonFinite(), step.clipIds());
  }
}
