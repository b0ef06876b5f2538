package vivit.dataprep.prepare;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how far a preparation is: one line that is written over on a terminal, a line in the log
 * every half minute otherwise.
 */
final class PrepareProgress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareProgress.class);
  private static final long TERMINAL_MILLIS = 1000;
  private static final long LOG_MILLIS = 30_000;

  private final Workload load;
  private final Supplier<Work> work;
  private final PrintStream terminal;
  private long startNanos;
  private final Thread thread = new Thread(this::show, "prepare-progress");

  /**
   * Progress of one job.
   *
   * @param load all there is to do
   * @param work what is done
   * @param terminal where to write the line, or null for the log
   */
  PrepareProgress(Workload load, Supplier<Work> work, PrintStream terminal) {
    this.load = load;
    this.work = work;
    this.terminal = terminal;
  }

  /** Progress on standard error if somebody watches, in the log otherwise. */
  @SuppressWarnings("SystemConsoleNull") // right on the Java 17 that this runs on
  static PrepareProgress onConsole(Workload load, Supplier<Work> work) {
    return new PrepareProgress(load, work, System.console() == null ? null : System.err);
  }

  /** Shows until closed. */
  void start() {
    startNanos = System.nanoTime();
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The line after some seconds; what remains is told by the estimated cost. */
  static String line(Workload load, Work work, double seconds) {
    String remaining =
        work.cost() == 0
            ? "unknown"
            : duration(seconds / work.cost() * Math.max(0, load.cost() - work.cost()));
    return "prepare: %d of %d videos, %d bad, %s, remaining %s"
        .formatted(
            load.kept() + work.videos(), load.videos(), work.bad(), work.rates(seconds), remaining);
  }

  private void show() {
    boolean running = true;
    while (running) {
      try {
        Thread.sleep(terminal == null ? LOG_MILLIS : TERMINAL_MILLIS);
      } catch (InterruptedException e) {
        running = false;
      }
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      String line = line(load, work.get(), seconds);
      if (terminal == null) {
        LOG.info("{}", line);
      } else {
        terminal.print("\r" + line + "\u001b[K" + (running ? "" : System.lineSeparator()));
        terminal.flush();
      }
    }
  }

  static String duration(double seconds) {
    Duration whole = Duration.ofSeconds(Math.round(seconds));
    return whole.toHours() > 0
        ? "%d h %02d min".formatted(whole.toHours(), whole.toMinutesPart())
        : "%d min %02d s".formatted(whole.toMinutes(), whole.toSecondsPart());
  }
}
