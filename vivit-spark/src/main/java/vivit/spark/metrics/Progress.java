package vivit.spark.metrics;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.text.Figures;

/**
 * Shows the progress of a long run: a line that is overwritten on a terminal, otherwise lines in
 * the log.
 */
public final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final double SMOOTHING = 0.1;

  /** Epochs shorter than this share a line of summary. */
  private static final double SUMMARY_SECONDS = 5;

  private final long totalSteps;
  private final int logEvery;
  private final ConsoleProgress console;
  private double secondsPerStep;
  private int rounds;
  private long lastStep;

  /** Epochs whose summary has not been shown. */
  private final Epochs epochs = new Epochs();

  /** The newest validation, as every line shows it; empty before the first. */
  private String validation = "";

  /**
   * Creates the progress of a run.
   *
   * @param firstStep number of steps already done
   * @param totalSteps steps of the whole run
   * @param logEvery rounds between two lines in the log
   * @param console shows the line
   */
  public Progress(long firstStep, long totalSteps, int logEvery, ConsoleProgress console) {
    this.lastStep = firstStep;
    this.totalSteps = totalSteps;
    this.logEvery = logEvery;
    this.console = console;
  }

  /** Progress on standard error if the program has a terminal, in the log otherwise. */
  public static Progress onConsole(long firstStep, long totalSteps, int logEvery) {
    return new Progress(firstStep, totalSteps, logEvery, ConsoleProgress.of(LOG));
  }

  /** From now on shows the figure of a validation. */
  public void validated(String metric, double value) {
    validation = String.format(Locale.ROOT, "  val %s %.4f", metric, value);
  }

  /** Shows a finished round. */
  public void round(RoundMetrics metrics) {
    long steps = Math.max(1, metrics.step() - lastStep);
    double seconds = metrics.seconds() / steps;
    secondsPerStep =
        rounds == 0 ? seconds : secondsPerStep + SMOOTHING * (seconds - secondsPerStep);
    if (epochs.isOver(metrics.epoch())) {
      console.end(epochs.take());
    }
    epochs.add(metrics);
    lastStep = metrics.step();
    rounds++;
    String line = line(metrics);
    if (metrics.step() >= totalSteps) {
      console.end(epochs.take());
      console.end(line);
    } else if (console.isTerminal() || rounds % logEvery == 0) {
      console.show(line);
    }
  }

  /** Sums over the rounds of one epoch, or of several short ones. */
  private static final class Epochs {
    private int first;
    private int last;
    private double clips;
    private double lossSum;
    private double correct;
    private double seconds;

    void add(RoundMetrics metrics) {
      first = clips == 0 ? metrics.epoch() : first;
      last = metrics.epoch();
      clips += metrics.clips();
      lossSum += metrics.loss() * metrics.clips();
      correct += metrics.accuracy() * metrics.clips();
      seconds += metrics.seconds();
    }

    /** Whether a round of this epoch ends what should be summed up. */
    boolean isOver(int epoch) {
      return clips > 0 && epoch > last && seconds >= SUMMARY_SECONDS;
    }

    String take() {
      String line =
          String.format(
              Locale.ROOT,
              "%s  mean loss %.4f  accuracy %.1f%% of the clips trained on  %s",
              first == last ? "epoch " + first : "epochs %d to %d".formatted(first, last),
              lossSum / clips,
              100 * correct / clips,
              Figures.duration(seconds));
      clips = 0;
      lossSum = 0;
      correct = 0;
      seconds = 0;
      return line;
    }
  }

  private String line(RoundMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "step %d/%d  epoch %d  loss %.4f%s  lr %.3g  %.1f clips/s  waiting %.0f%%  eta %s",
        metrics.step(),
        totalSteps,
        metrics.epoch(),
        metrics.loss(),
        validation,
        metrics.learningRate(),
        metrics.clipsPerSecond(),
        100 * metrics.waiting(),
        Figures.duration(secondsPerStep * (totalSteps - metrics.step())));
  }
}
