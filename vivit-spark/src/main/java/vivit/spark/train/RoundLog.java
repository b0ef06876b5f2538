package vivit.spark.train;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import vivit.spark.config.TrainingSettings;
import vivit.spark.metrics.LedgerLine;
import vivit.spark.metrics.LineLog;
import vivit.spark.metrics.Progress;
import vivit.spark.metrics.RoundMetrics;
import vivit.spark.metrics.RoundPhases;
import vivit.spark.schedule.StepValues;
import vivit.spark.train.RoundPart.StepOutcome;
import vivit.spark.train.RoundPart.WorkerReport;

/**
 * The log of a run, round by round: {@code metrics.jsonl}, the ledger if the run keeps one, and the
 * progress.
 */
final class RoundLog implements Closeable {
  private final TrainingSettings settings;
  private final long stepsPerEpoch;
  private final LineLog metrics;
  private final LineLog ledger;
  private final Progress progress;
  private final NavigableMap<Long, Sums> marks = new TreeMap<>();
  private Sums sums = new Sums(0, 0);

  /** The loss of all clips so far, and their number. */
  private record Sums(double loss, long clips) {}

  private RoundLog(
      TrainingSettings settings,
      long stepsPerEpoch,
      LineLog metrics,
      LineLog ledger,
      Progress progress,
      long step) {
    this.settings = settings;
    this.stepsPerEpoch = stepsPerEpoch;
    this.metrics = metrics;
    this.ledger = ledger;
    this.progress = progress;
    marks.put(step, sums);
  }

  /**
   * Opens the log after {@code step}; drops lines of later steps, which an interrupted run left
   * behind.
   */
  static RoundLog open(RunFolder folder, TrainingSettings settings, RoundPlanner planner, long step)
      throws IOException {
    return new RoundLog(
        settings,
        planner.stepsPerEpoch(),
        folder.lines("metrics.jsonl", step),
        settings.reporting().ledger() ? folder.lines("ledger.jsonl", step) : null,
        Progress.onConsole(step, planner.totalSteps(), settings.reporting().logEvery()),
        step);
  }

  /**
   * Logs a finished round, after {@code step} updates.
   *
   * @param moved squared distance of the workers' average from where they started
   * @param validation figures of the validation after it; empty if there was none
   */
  void add(
      long step,
      List<WorkerReport> reports,
      double moved,
      double seconds,
      RoundPhases phases,
      Map<String, Double> validation)
      throws IOException {
    RoundMetrics line = metrics(step, reports, moved, seconds, phases, validation);
    metrics.add(step, List.of(line));
    if (ledger != null) {
      record(step, reports);
    }
    progress.round(line);
    sums = new Sums(sums.loss() + line.loss() * line.clips(), sums.clips() + line.clips());
  }

  /** From now on shows this figure with the progress. */
  void validated(String metric, double value) {
    progress.validated(metric, value);
  }

  /**
   * The mean loss per clip up to a step, which is the last one logged, since an earlier step of
   * which this was asked, or the first one.
   */
  double meanLoss(long since, long step) {
    Sums before = marks.floorEntry(since).getValue();
    marks.headMap(marks.floorKey(since)).clear();
    marks.put(step, sums);
    return (sums.loss() - before.loss()) / (sums.clips() - before.clips());
  }

  private RoundMetrics metrics(
      long step,
      List<WorkerReport> reports,
      double moved,
      double seconds,
      RoundPhases phases,
      Map<String, Double> validation) {
    List<StepOutcome> steps = reports.stream().flatMap(report -> report.steps().stream()).toList();
    int clips = steps.stream().mapToInt(StepOutcome::clips).sum();
    double loss = steps.stream().mapToDouble(StepOutcome::lossSum).sum();
    double norm = steps.stream().mapToDouble(s -> s.gradientNorm() * s.clips()).sum();
    StepValues values = settings.values(step - 1, stepsPerEpoch);
    return new RoundMetrics(
        step,
        epoch(step - 1),
        loss / clips,
        steps.stream().mapToDouble(StepOutcome::correct).sum() / clips,
        values.learningRate(),
        values.byMetric(),
        clips,
        clips / seconds,
        norm / clips,
        (int) reports.stream().filter(report -> !report.steps().isEmpty()).count(),
        lossSpread(reports),
        drift(reports, moved),
        Math.sqrt(moved),
        reports.stream().mapToDouble(WorkerReport::waitedSeconds).sum()
            / reports.stream().mapToDouble(WorkerReport::seconds).sum(),
        seconds,
        phases,
        validation);
  }

  private static double lossSpread(List<WorkerReport> reports) {
    double clips = 0;
    double sum = 0;
    double squares = 0;
    for (WorkerReport report : reports) {
      double ofWorker = clips(report);
      double loss = report.steps().stream().mapToDouble(StepOutcome::lossSum).sum();
      clips += ofWorker;
      sum += loss;
      squares += ofWorker == 0 ? 0 : loss * loss / ofWorker;
    }
    double mean = sum / clips;
    return Math.sqrt(Math.max(0, squares / clips - mean * mean));
  }

  /** The mean of squares around the mean is the mean of squares less the square of the mean. */
  private static double drift(List<WorkerReport> reports, double moved) {
    double clips = 0;
    double squares = 0;
    for (WorkerReport report : reports) {
      clips += clips(report);
      squares += clips(report) * report.moved();
    }
    return Math.sqrt(Math.max(0, squares / clips - moved));
  }

  private static double clips(WorkerReport report) {
    return report.steps().stream().mapToDouble(StepOutcome::clips).sum();
  }

  private void record(long step, List<WorkerReport> reports) throws IOException {
    List<LedgerLine> lines = new ArrayList<>();
    for (WorkerReport report : reports) {
      for (StepOutcome one : report.steps()) {
        lines.add(
            new LedgerLine(
                one.step() + 1, epoch(one.step()), report.worker(), one.clipIds(), one.swapped()));
      }
    }
    ledger.add(step, lines);
  }

  /** Fails if the ledger lacks a line: it must not have less than a checkpoint. */
  void requireLedger() throws IOException {
    if (ledger != null) {
      ledger.requireWritten();
    }
  }

  private int epoch(long step) {
    return Math.toIntExact(step / stepsPerEpoch);
  }

  @Override
  public void close() {
    metrics.close();
    if (ledger != null) {
      ledger.close();
    }
  }
}
