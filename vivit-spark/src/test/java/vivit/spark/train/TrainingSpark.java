package vivit.spark.train;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.dataprep.fixture.LocalSpark;
import vivit.spark.SparkSettings;

/** One Spark in this JVM for all tests, with three task slots and the product's own settings. */
public final class TrainingSpark {
  private static JavaSparkContext context;

  private TrainingSpark() {}

  /** The context; ends with the JVM. */
  public static synchronized JavaSparkContext context() {
    if (context == null) {
      context = LocalSpark.start(3, SparkSettings.complete(new SparkConf()));
    }
    return context;
  }
}
