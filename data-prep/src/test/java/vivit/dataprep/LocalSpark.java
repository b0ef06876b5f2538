package vivit.dataprep;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark in this JVM, as strict as the product sets it. */
public final class LocalSpark {
  private LocalSpark() {}

  public static JavaSparkContext start(int threads) {
    return start(threads, new SparkConf());
  }

  public static JavaSparkContext start(int threads, SparkConf more) {
    SparkConf conf =
        more.setMaster("local[" + threads + "]")
            .setAppName("test")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .set("spark.kryo.registrationRequired", "true");
    conf.registerKryoClasses(new Class<?>[] {byte[].class, byte[][].class, Object[].class});
    return new JavaSparkContext(conf);
  }
}
