package vivit.spark.evaluate;

import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.job.ConsoleProgress;

/** Shows how many clips are scored. */
final class ScoringProgress {
  private static final Logger LOG = LoggerFactory.getLogger(ScoringProgress.class);
  private static final long TERMINAL_MILLIS = 500;
  private static final long LOG_MILLIS = 10_000;

  private final LongAccumulator scored;
  private final long clips;
  private final ConsoleProgress console = ConsoleProgress.of(LOG);

  ScoringProgress(LongAccumulator scored, long clips) {
    this.scored = scored;
    this.clips = clips;
  }

  /** Waits for the job and shows how far it is. */
  <T> List<T> await(JavaFutureAction<List<T>> job) throws InterruptedIOException {
    try {
      while (true) {
        try {
          List<T> result =
              job.get(console.isTerminal() ? TERMINAL_MILLIS : LOG_MILLIS, TimeUnit.MILLISECONDS);
          console.end(line(clips));
          return result;
        } catch (TimeoutException running) {
          console.show(line(scored.value()));
        }
      }
    } catch (ExecutionException failed) {
      ScoringProgress.<RuntimeException>rethrow(failed.getCause());
      throw new IllegalStateException(failed); // not reached
    } catch (InterruptedException interrupted) {
      job.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Evaluation was interrupted");
    }
  }

  /** Throws a job's failure as Spark's own methods do: checked, but not declared. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable failure) throws E {
    throw (E) failure;
  }

  private String line(long done) {
    return "scored %d of %d clips".formatted(done, clips);
  }
}
