package vivit.model.engine;

import java.util.concurrent.atomic.AtomicInteger;

/** How many threads an engine of this JVM may keep busy. */
public final class Threads {

  private static final AtomicInteger PER_TASK = new AtomicInteger(cores());

  private Threads() {}

  /** Cores of this machine or container. */
  public static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Threads of an engine that is made now; all cores unless said otherwise. */
  public static int perTask() {
    return PER_TASK.get();
  }

  /**
   * Sets the threads of engines that are made from now on; more than {@link #cores} are cut down.
   *
   * @param threads what the task was given, such as {@code spark.task.cpus}; at least 1
   */
  public static void perTask(int threads) {
    require(threads);
    PER_TASK.set(Math.min(threads, cores()));
  }

  /** Refuses fewer than one. */
  static void require(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads for an engine, expected at least 1");
    }
  }
}
