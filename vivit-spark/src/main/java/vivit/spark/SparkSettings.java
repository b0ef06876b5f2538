package vivit.spark;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.job.SparkCommand;
import vivit.spark.executor.ExecutorShape;

/** Completes the Spark settings; settings of the user are kept. */
public final class SparkSettings {
  private SparkSettings() {}

  /** Adds missing settings: those of every command, and those of training. */
  public static SparkConf complete(SparkConf conf) {
    conf.setIfMissing("spark.kryo.registrator", VivitRegistrator.class.getName());
    SparkCommand.complete(conf);
    if (!conf.get("spark.master").startsWith("local")) {
      ExecutorShape.complete(conf);
    }
    return conf
        // Floats of trained parameters do not compress.
        .setIfMissing("spark.broadcast.compress", "false");
  }

  /** Default number of workers: one per executor, or one per task slot in local mode. */
  public static int workers(JavaSparkContext sc) {
    int cpus = sc.getConf().getInt("spark.task.cpus", 1);
    if (sc.isLocal()) {
      return Math.max(1, sc.defaultParallelism() / cpus);
    }
    int asked = sc.getConf().getInt("spark.executor.instances", 0);
    if (asked > 0) {
      return asked;
    }
    // A first job waits until executors are registered; the driver is counted among them.
    sc.parallelize(List.of(0), 1).count();
    return Math.max(1, sc.sc().getExecutorMemoryStatus().size() - 1);
  }
}
