package vivit.spark.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that share the work of one task. */
final class TaskThreads implements AutoCloseable {
  private final int count;
  private final ExecutorService helpers;

  /** Work that several threads do at once. */
  @FunctionalInterface
  interface SharedWork {
    /**
     * Takes pieces of the work until none is left.
     *
     * @param thread 0 for the calling thread
     */
    void run(int thread) throws IOException;
  }

  TaskThreads(int count) {
    this.count = count;
    this.helpers = Executors.newFixedThreadPool(Math.max(1, count - 1));
  }

  /** Runs the work in all threads, the calling one included, and waits for them. */
  void run(SharedWork work) throws IOException {
    List<Future<Void>> others = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      int thread = i;
      Callable<Void> shared =
          () -> {
            work.run(thread);
            return null;
          };
      others.add(helpers.submit(shared));
    }
    try {
      work.run(0);
    } finally {
      for (Future<Void> other : others) {
        await(other, "averaging");
      }
    }
  }

  /**
   * Waits for what is going on elsewhere, and throws what went wrong there.
   *
   * @param doing what this thread is doing meanwhile, for the message if it is stopped
   */
  static <T> T await(Future<T> other, String doing) throws IOException {
    try {
      return other.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException io) {
        throw new IOException(io.getMessage(), io);
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Stopped while " + doing);
    }
  }

  @Override
  public void close() {
    helpers.shutdownNow();
  }
}
