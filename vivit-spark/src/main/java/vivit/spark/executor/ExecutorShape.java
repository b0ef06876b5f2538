package vivit.spark.executor;

import org.apache.spark.SparkConf;
import vivit.dataprep.config.Refusal;

/**
 * Memory and cores of executors that train or evaluate.
 *
 * <p>Tensors live outside the heap, where Spark does not account for them: without a limit and room
 * in the container, a cluster manager kills the executor. Settings of the user stay.
 */
final class ExecutorShape {
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String OPTIONS = "spark.executor.extraJavaOptions";
  private static final String MAX_BYTES = "-Dorg.bytedeco.javacpp.maxbytes=";
  private static final String MAX_PHYSICAL_BYTES = "-Dorg.bytedeco.javacpp.maxphysicalbytes=";
  private static final long LEAST_TENSORS = 256;

  private ExecutorShape() {}

  /**
   * Gives tensors the overhead that is set beyond the JVM's own needs, or as much as the heap, and
   * each task all cores of its executor, when the executor's cores are stated.
   *
   * @throws Refusal if the overhead leaves no room for tensors
   */
  static void complete(SparkConf conf) {
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
