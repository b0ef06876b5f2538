package vivit.model.engine;

import java.util.concurrent.atomic.AtomicInteger;

/** The number of threads that an engine of this JVM may keep busy. */
public final class Threads {

  private static final AtomicInteger PER_TASK = new AtomicInteger(cores());

  private Threads() {}

  /** Cores of this machine or container. */
  public static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Number of threads of an engine created now; by default all cores. */
  public static int perTask() {
    return PER_TASK.get();
  }

  /**
   * Sets the threads of engines created from now on, at most {@link #cores}.
   *
   * @param threads cores of a task, such as {@code spark.task.cpus}; at least 1
   */
  public static void perTask(int threads) {
    require(threads);
    PER_TASK.set(Math.min(threads, cores()));
  }

  /** Refuses numbers below one. */
  static void require(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads for an engine, expected at least 1");
    }
  }
}
