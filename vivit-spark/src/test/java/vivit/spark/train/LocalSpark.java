package vivit.spark.train;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import vivit.spark.executor.SparkSettings;

/**
 * One Spark in this JVM for all tests, with three task slots and Kryo that refuses unknown classes.
 */
public final class LocalSpark {
  private static JavaSparkContext context;

  private LocalSpark() {}

  /** The context; ends with the JVM. */
  public static synchronized JavaSparkContext context() {
    if (context == null) {
      context =
          new JavaSparkContext(
              SparkSettings.complete(new SparkConf())
                  .setMaster("local[3]")
                  .setAppName("test")
                  .set("spark.kryo.registrationRequired", "true")
                  .set("spark.ui.enabled", "false")
                  .set("spark.driver.host", "localhost")
                  .set("spark.driver.bindAddress", "127.0.0.1"));
    }
    return context;
  }
}
