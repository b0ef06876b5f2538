package vivit.dataprep.job;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import vivit.dataprep.text.Visible;

/**
 * Shows the progress of a long job in one line: overwritten on a terminal, otherwise logged from
 * time to time.
 */
public final class ConsoleProgress {
  private final PrintStream terminal;
  private final Logger log;

  /**
   * Shows progress on a terminal or in a log.
   *
   * @param terminal where the line is written; null for the log
   */
  public ConsoleProgress(PrintStream terminal, Logger log) {
    this.terminal = terminal;
    this.log = log;
  }

  /** Progress on standard error if the program has a terminal, in the log otherwise. */
  @SuppressWarnings("SystemConsoleNull") // correct on Java 17
  public static ConsoleProgress of(Logger log) {
    return new ConsoleProgress(System.console() == null ? null : System.err, log);
  }

  /** Whether progress goes to a terminal, which is updated far more often than a log. */
  public boolean isTerminal() {
    return terminal != null;
  }

  /** Replaces the line. */
  public void show(String line) {
    show(line, "");
  }

  /** Shows the last line. */
  public void end(String line) {
    show(line, System.lineSeparator());
  }

  private void show(String text, String end) {
    String line = Visible.text(text);
    if (terminal == null) {
      log.info("{}", line);
    } else {
      terminal.print("\r" + line + "\u001b[K" + end);
      terminal.flush();
    }
  }

  /**
   * Shows a line periodically from a separate thread, and a last one when it is closed.
   *
   * @param onTerminal time between two lines on a terminal
   * @param inLog time between two lines in the log
   */
  public Repeated repeat(Duration onTerminal, Duration inLog, Supplier<String> line) {
    return new Repeated(isTerminal() ? onTerminal : inLog, line);
  }

  /** A line that is shown periodically. */
  public final class Repeated implements AutoCloseable {
    private final Duration interval;
    private final Supplier<String> line;
    private final Thread thread = new Thread(this::run, "progress");

    private Repeated(Duration interval, Supplier<String> line) {
      this.interval = interval;
      this.line = line;
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      try {
        while (true) {
          Thread.sleep(interval.toMillis());
          show(line.get());
        }
      } catch (InterruptedException e) {
        end(line.get());
      }
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
  }
}
