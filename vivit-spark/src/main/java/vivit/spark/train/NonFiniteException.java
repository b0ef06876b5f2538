package vivit.spark.train;

import java.util.List;
import java.util.stream.Collectors;
import vivit.spark.train.RoundPart.StepReport;
import vivit.spark.train.RoundPart.WorkerReport;

/** Training met NaN or infinity; says on which worker, in which step, with which clips. */
public final class NonFiniteException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public NonFiniteException(String message) {
    super(message);
  }

  /** The sentence for the first worker that found something; empty when none did. */
  static String describe(List<WorkerReport> reports) {
    return reports.stream()
        .flatMap(
            report ->
                report.steps().stream()
                    .filter(step -> !step.nonFinite().isEmpty())
                    .map(step -> describe(report.worker(), step)))
        .collect(Collectors.joining("; "));
  }

  private static String describe(int worker, StepReport step) {
    return String.format(
        "step %d, worker %d: %s after training on the clips %s",
        step.step() + 1, worker, step.nonFinite(), step.clipIds());
  }
}
