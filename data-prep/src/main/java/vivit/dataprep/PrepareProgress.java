package vivit.dataprep;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
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

  private final long total;
  private final LongSupplier done;
  private final LongSupplier bad;
  private final PrintStream terminal;
  private long startNanos;
  private final Thread thread = new Thread(this::show, "prepare-progress");

  /**
   * Progress of one job.
   *
   * @param total videos to do
   * @param terminal where to write the line, or null for the log
   */
  PrepareProgress(long total, LongSupplier done, LongSupplier bad, PrintStream terminal) {
    this.total = total;
    this.done = done;
    this.bad = bad;
    this.terminal = terminal;
  }

  /** Progress on standard error if somebody watches, in the log otherwise. */
  @SuppressWarnings("SystemConsoleNull") // right on the Java 17 that this runs on
  static PrepareProgress onConsole(long total, LongSupplier done, LongSupplier bad) {
    return new PrepareProgress(total, done, bad, System.console() == null ? null : System.err);
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

  /** The line after some seconds. */
  static String line(long total, long done, long bad, double seconds) {
    long seen = done + bad;
    String remaining = seen == 0 ? "unknown" : duration(seconds / seen * Math.max(0, total - seen));
    return "prepare: %d of %d videos, %d bad, %.1f videos/s, remaining %s"
        .formatted(seen, total, bad, seconds > 0 ? seen / seconds : 0, remaining);
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
      String line = line(total, done.getAsLong(), bad.getAsLong(), seconds);
      if (terminal == null) {
        LOG.info("{}", line);
      } else {
        terminal.print("\r" + line + "\u001b[K" + (running ? "" : System.lineSeparator()));
        terminal.flush();
      }
    }
  }

  private static String duration(double seconds) {
    Duration whole = Duration.ofSeconds(Math.round(seconds));
    return whole.toHours() > 0
        ? "%d h %02d min".formatted(whole.toHours(), whole.toMinutesPart())
        : "%d min %02d s".formatted(whole.toMinutes(), whole.toSecondsPart());
  }
}
