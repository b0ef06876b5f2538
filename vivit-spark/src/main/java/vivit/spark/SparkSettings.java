package vivit.spark;

import org.apache.spark.SparkConf;
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
}
