package vivit.dataprep.job;

import java.io.IOException;
import org.apache.spark.SparkException;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.shard.CorruptShardException;

/**
 * Finds what a worker threw in the exception of a failed Spark job. Spark's own exception has the
 * worker's stack trace as its message; what the program foresaw is among its causes.
 */
public final class FailedJob {
  private FailedJob() {}

  /** Something that runs Spark jobs. */
  @FunctionalInterface
  public interface Jobs<T> {
    /** Runs them, or throws what one of them failed with. */
    T run() throws IOException;
  }

  /**
   * Runs jobs and throws a worker's failure in place of Spark's.
   *
   * @throws CorruptShardException if that is what failed one of them; its message names the shard,
   *     the clip and what to do
   * @throws IOException with the worker's message, if it is one that the program foresaw
   */
  public static <T> T unwrapped(Jobs<T> jobs) throws IOException {
    try {
      return jobs.run();
    } catch (Exception failed) { // Spark's are checked, but not declared
      for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
        if (cause instanceof CorruptShardException corrupt) {
          throw new CorruptShardException(corrupt.getMessage(), failed);
        }
      }
      if (failed instanceof SparkException && foreseen(cause(failed))) {
        throw new IOException(message(failed), failed);
      }
      throw failed;
    }
  }

  private static boolean foreseen(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof Refusal
        || cause instanceof IllegalArgumentException
        || cause instanceof IllegalStateException;
  }

  /**
   * The worker's message; where no worker lived to give one, Spark's own without stack traces.
   */
  public static String message(Throwable failed) {
    Throwable cause = cause(failed);
    String message = String.valueOf(cause.getMessage());
    return cause instanceof SparkException ? message.lines().findFirst().orElse(message) : message;
  }

  private static Throwable cause(Throwable failed) {
    Throwable cause = failed;
    while (cause instanceof SparkException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
