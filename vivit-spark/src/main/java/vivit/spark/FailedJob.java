package vivit.spark;

import java.io.IOException;
import vivit.dataprep.shard.CorruptShardException;

/**
 * Tells what a worker found wrong. Spark fails a job with an exception of its own, whose text is
 * the worker's stack trace; what the program foresaw is somewhere among its causes.
 */
final class FailedJob {
  private FailedJob() {}

  /** Something that runs Spark jobs. */
  @FunctionalInterface
  interface Jobs<T> {
    T run() throws IOException;
  }

  /**
   * Runs jobs.
   *
   * @throws CorruptShardException if that is what failed one of them; its message names the shard,
   *     the clip and what to do
   */
  static <T> T told(Jobs<T> jobs) throws IOException {
    try {
      return jobs.run();
    } catch (Exception failed) { // Spark's are checked, but not declared
      for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
        if (cause instanceof CorruptShardException corrupt) {
          throw new CorruptShardException(corrupt.getMessage(), failed);
        }
      }
      throw failed;
    }
  }
}
