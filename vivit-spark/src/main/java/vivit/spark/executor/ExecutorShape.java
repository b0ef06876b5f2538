package vivit.spark.executor;

import org.apache.spark.SparkConf;
import vivit.dataprep.config.Refusal;

/**
 * Sets memory and cores of executors that train or evaluate.
 *
 * <p>Tensors are outside the heap, where Spark does not account for them: without a limit and room
 * in the container, a cluster manager kills the executor. Settings of the user are kept.
 */
public final class ExecutorShape {
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String OPTIONS = "spark.executor.extraJavaOptions";
  private static final String MAX_BYTES = "-Dorg.bytedeco.javacpp.maxbytes=";
  private static final String MAX_PHYSICAL_BYTES = "-Dorg.bytedeco.javacpp.maxphysicalbytes=";
  private static final long LEAST_TENSORS = 256;

  private ExecutorShape() {}

  /**
   * Gives tensors the configured memory overhead minus the JVM's own needs, or as much as the heap
   * if no overhead is set. Gives each task all cores of its executor, if their number is set.
   *
   * @throws Refusal if the overhead leaves no room for tensors
   */
  public static void complete(SparkConf conf) {
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
    long jvm = Math.max(384, heap / 10);
    conf.setIfMissing(OVERHEAD, (heap + jvm) + "m");
    long overhead = conf.getSizeAsMb(OVERHEAD);
    long tensors = overhead - jvm;
    if (tensors < LEAST_TENSORS) {
      throw new Refusal(
          String.format(
              "%s: found %d MiB, of which the JVM needs about %d; tensors live outside the heap,"
                  + " expected at least %d MiB",
              OVERHEAD, overhead, jvm, jvm + LEAST_TENSORS));
    }
    String options = conf.get(OPTIONS, "");
    if (!options.contains(MAX_BYTES)) {
      conf.set(
          OPTIONS,
          String.join(
                  " ",
                  options,
                  MAX_BYTES + tensors + "m",
                  MAX_PHYSICAL_BYTES + (heap + overhead) + "m")
              .strip());
    }
    if (conf.contains("spark.executor.cores")) {
      conf.setIfMissing("spark.task.cpus", conf.get("spark.executor.cores"));
    }
  }
}
