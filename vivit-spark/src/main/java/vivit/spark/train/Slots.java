package vivit.spark.train;

import org.apache.spark.api.java.JavaSparkContext;

/**
 * Room for tasks on the executors that are there now.
 *
 * @param executors number of them
 * @param cores of each executor that tasks may use
 * @param cpus cores of a task
 */
record Slots(int executors, int cores, int cpus) {
  static Slots of(JavaSparkContext sc) {
    int cpus = sc.getConf().getInt("spark.task.cpus", 1);
    // Spark's list has the driver, too.
    int executors = sc.isLocal() ? 1 : Math.max(1, sc.sc().getExecutorMemoryStatus().size() - 1);
    return new Slots(executors, Math.max(cpus, sc.defaultParallelism() / executors), cpus);
  }

  /** Number of tasks that can run at once. */
  int count() {
    return executors * (cores / cpus);
  }
}
