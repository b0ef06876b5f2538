package vivit.spark.train;

import java.util.List;
import java.util.stream.Collectors;
import vivit.dataprep.config.Refusal;
import vivit.spark.train.RoundPart.StepOutcome;
import vivit.spark.train.RoundPart.WorkerReport;

/** NaN or infinity in training; the message names worker, step and clips. */
public final class NonFiniteException extends Refusal {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message is a complete sentence. */
  public NonFiniteException(String message) {
    super(message);
  }

  /** Describes the non-finite numbers, one clause per step; empty if all numbers are finite. */
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
