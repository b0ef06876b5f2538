package vivit.spark.metrics;

import java.io.PrintStream;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a long run: a line that rewrites itself on a terminal, lines in the log otherwise. */
public final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final double SMOOTHING = 0.1;

  private final long totalSteps;
  private final int logEvery;
  private final PrintStream terminal;
  private double secondsPerStep;
  private int rounds;
  private long lastStep;

  /**
   * Progress of a run.
   *
   * @param firstStep steps already done
   * @param totalSteps steps of the whole run
   * @param logEvery rounds between two lines in the log
   * @param terminal where the live line goes; null for the log
   */
  public Progress(long firstStep, long totalSteps, int logEvery, PrintStream terminal) {
    this.lastStep = firstStep;
    this.totalSteps = totalSteps;
    this.logEvery = logEvery;
    this.terminal = terminal;
  }

  /** Progress on standard error if somebody watches, in the log otherwise. */
  @SuppressWarnings("SystemConsoleNull") // right on the Java 17 that this runs on
  public static Progress onConsole(long firstStep, long totalSteps, int logEvery) {
    return new Progress(
        firstStep, totalSteps, logEvery, System.console() == null ? null : System.err);
  }

  /** Shows one more round. */
  public void round(RoundMetrics metrics) {
    long steps = Math.max(1, metrics.step() - lastStep);
    double seconds = metrics.seconds() / steps;
    secondsPerStep =
        rounds == 0 ? seconds : secondsPerStep + SMOOTHING * (seconds - secondsPerStep);
    lastStep = metrics.step();
    rounds++;
    String line = line(metrics);
    boolean last = metrics.step() >= totalSteps;
    if (terminal != null) {
      terminal.print("\r" + line + "\u001b[K" + (last ? System.lineSeparator() : ""));
      terminal.flush();
    } else if (last || rounds % logEvery == 0) {
      LOG.info("{}", line);
    }
  }

  private String line(RoundMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "step %d/%d  epoch %d  loss %.4f  lr %.3g  %.1f clips/s  waiting %.0f%%  eta %s",
        metrics.step(),
        totalSteps,
        metrics.epoch(),
        metrics.loss(),
        metrics.learningRate(),
        metrics.clipsPerSecond(),
        100 * metrics.waiting(),
        duration(secondsPerStep * (totalSteps - metrics.step())));
  }

  /** {@code 42s}, {@code 3m 05s}, {@code 2h 07m}, {@code 3d 04h}. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + "s";
    }
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%dm %02ds", whole / 60, whole % 60);
    }
    if (whole < 86_400) {
      return String.format(Locale.ROOT, "%dh %02dm", whole / 3600, whole % 3600 / 60);
    }
    return String.format(Locale.ROOT, "%dd %02dh", whole / 86_400, whole % 86_400 / 3600);
  }
}
