package vivit.dataprep.job;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkException;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.shard.CorruptShardException;
import vivit.dataprep.storage.StorageFailure;

/**
 * Extracts the exception of a worker from that of a failed Spark job. The message of Spark's
 * exception is the worker's stack trace; foreseen failures are among its causes.
 */
public final class FailedJob {
  private FailedJob() {}

  /** Work that runs Spark jobs. */
  @FunctionalInterface
  public interface Jobs<T> {
    /** Runs the jobs; throws if one of them fails. */
    T run() throws IOException;
  }

  /**
   * Runs jobs; throws the exception of a worker instead of Spark's.
   *
   * @throws CorruptShardException if a shard is damaged; the message names the shard, the clip and
   *     what to do
   * @throws IOException with the worker's message, if the failure was foreseen
   */
  public static <T> T unwrapped(Jobs<T> jobs) throws IOException {
    try {
      return jobs.run();
    } catch (Exception failed) { // Spark throws checked exceptions that it does not declare
      Optional<Throwable> corrupt = corrupt(failed);
      if (corrupt.isPresent()) {
        throw new CorruptShardException(corrupt.get().getMessage(), failed);
      }
      if (failed instanceof SparkException && foreseen(cause(failed))) {
        throw new IOException(message(failed), failed);
      }
      throw failed;
    }
  }

  /** Whether a job failed because of what it was given, so that it would fail again. */
  public static boolean isOfInput(Throwable failed) {
    return corrupt(failed).isPresent() || cause(failed) instanceof Refusal;
  }

  private static Optional<Throwable> corrupt(Throwable failed) {
    return Stream.iterate(failed, Objects::nonNull, Throwable::getCause)
        .filter(CorruptShardException.class::isInstance)
        .findFirst();
  }

  /** What we throw for input, and Spark's own failures without one of a worker: lost executors. */
  private static boolean foreseen(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof FSError
        || cause instanceof Refusal
        || cause instanceof SparkException;
  }

  /** The worker's message, or Spark's without stack traces if no worker sent one. */
  public static String message(Throwable failed) {
    Throwable cause = cause(failed);
    String message =
        StorageFailure.sentence(cause).orElseGet(() -> String.valueOf(cause.getMessage()));
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
