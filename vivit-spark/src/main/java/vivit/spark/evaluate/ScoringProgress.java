package vivit.spark.evaluate;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how many clips are scored: a line that rewrites itself on a terminal, now and then a line
 * in the log otherwise.
 */
final class ScoringProgress {
  private static final Logger LOG = LoggerFactory.getLogger(ScoringProgress.class);
  private static final long TERMINAL_MILLIS = 500;
  private static final long LOG_MILLIS = 10_000;

  private final LongAccumulator scored;
  private final long clips;
  private final PrintStream terminal;

  @SuppressWarnings("SystemConsoleNull") // right on the Java 17 that this runs on
  ScoringProgress(LongAccumulator scored, long clips) {
    this.scored = scored;
    this.clips = clips;
    this.terminal = System.console() == null ? null : System.err;
  }

  /** Waits for the job and shows how far it is. */
  <T> List<T> await(JavaFutureAction<List<T>> job) {
    try {
      while (true) {
        try {
          List<T> result =
              job.get(terminal == null ? LOG_MILLIS : TERMINAL_MILLIS, TimeUnit.MILLISECONDS);
          show(true);
          return result;
        } catch (TimeoutException running) {
          show(false);
        }
      }
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("Evaluation failed: " + failed.getCause(), failed.getCause());
    } catch (InterruptedException interrupted) {
      job.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Evaluation was interrupted", interrupted);
    }
  }

  private void show(boolean done) {
    String line = "scored %d of %d clips".formatted(done ? clips : scored.value(), clips);
    if (terminal == null) {
      LOG.info("{}", line);
    } else {
      terminal.print("\r" + line + "\u001b[K" + (done ? System.lineSeparator() : ""));
      terminal.flush();
    }
  }
}
