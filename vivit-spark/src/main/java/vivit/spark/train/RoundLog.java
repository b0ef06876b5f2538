package vivit.spark.train;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import vivit.spark.config.TrainingSettings;
import vivit.spark.metrics.LedgerLine;
import vivit.spark.metrics.LineLog;
import vivit.spark.metrics.Progress;
import vivit.spark.metrics.RoundMetrics;
import vivit.spark.schedule.StepValues;
import vivit.spark.train.RoundPart.StepReport;
import vivit.spark.train.RoundPart.WorkerReport;

/** Tells about every round: {@code metrics.jsonl}, the ledger if one is kept, and the progress. */
final class RoundLog implements Closeable {
  private final TrainingSettings settings;
  private final long stepsPerEpoch;
  private final LineLog metrics;
  private final LineLog ledger;
  private final Progress progress;

  private RoundLog(
      TrainingSettings settings,
      long stepsPerEpoch,
      LineLog metrics,
      LineLog ledger,
      Progress progress) {
    this.settings = settings;
    this.stepsPerEpoch = stepsPerEpoch;
    this.metrics = metrics;
    this.ledger = ledger;
    this.progress = progress;
  }

  /** Goes on after {@code step}; lines of later steps, from a run cut short, are dropped. */
  static RoundLog open(RunFolder folder, TrainingSettings settings, RoundPlanner planner, long step)
      throws IOException {
    return new RoundLog(
        settings,
        planner.stepsPerEpoch(),
        folder.lines("metrics.jsonl", step),
        settings.reporting().ledger() ? folder.lines("ledger.jsonl", step) : null,
        Progress.onConsole(step, planner.totalSteps(), settings.reporting().logEvery()));
  }

  /** Writes a round that has ended with {@code step} updates done. */
  RoundMetrics add(long step, List<WorkerReport> reports, double seconds) throws IOException {
    RoundMetrics line = metrics(step, reports, seconds);
    metrics.add(line);
    if (ledger != null) {
      record(reports);
    }
    progress.round(line);
    return line;
  }

  private RoundMetrics metrics(long step, List<WorkerReport> reports, double seconds) {
    List<StepReport> steps = reports.stream().flatMap(report -> report.steps().stream()).toList();
    int clips = steps.stream().mapToInt(StepReport::clips).sum();
    double loss = steps.stream().mapToDouble(StepReport::lossSum).sum();
    double norm = steps.stream().mapToDouble(s -> s.gradientNorm() * s.clips()).sum();
    StepValues values = settings.values(step - 1, stepsPerEpoch);
    return new RoundMetrics(
        step,
        epoch(step - 1),
        loss / clips,
        values.learningRate(),
        values.byMetric(),
        clips,
        clips / seconds,
        norm / clips,
        (int) reports.stream().filter(report -> !report.steps().isEmpty()).count(),
        reports.stream().mapToDouble(WorkerReport::waitedSeconds).sum()
            / reports.stream().mapToDouble(WorkerReport::seconds).sum(),
        seconds);
  }

  private void record(List<WorkerReport> reports) throws IOException {
    for (WorkerReport report : reports) {
      for (StepReport step : report.steps()) {
        ledger.add(
            new LedgerLine(
                step.step() + 1,
                epoch(step.step()),
                report.worker(),
                step.clipIds(),
                step.swapped()));
      }
    }
  }

  private int epoch(long step) {
    return Math.toIntExact(step / stepsPerEpoch);
  }

  @Override
  public void close() throws IOException {
    try {
      metrics.close();
    } finally {
      if (ledger != null) {
        ledger.close();
      }
    }
  }
}
