package vivit.tests.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;

/**
 * Spark with executors in JVMs of their own, as on a cluster: everything that crosses a border is
 * really serialised, by Kryo with registration required.
 *
 * <p>Needs the environment variables {@code SPARK_HOME} and {@code SPARK_SCALA_VERSION}, which this
 * module's build sets.
 */
public final class LocalCluster {
  private LocalCluster() {}

  /** The settings of a cluster of {@code executors} JVMs with one core and 1 GiB of heap each. */
  public static SparkConf conf(int executors) throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    return new SparkConf()
        .setMaster("local-cluster[" + executors + ",1,1024]")
        .setAppName("integration test")
        .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .set("spark.driver.host", "localhost")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.ui.enabled", "false")
        .set("spark.executorEnv.OMP_NUM_THREADS", "1")
        .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .set("spark.kryo.registrator", "vivit.spark.VivitRegistrator")
        .set("spark.kryo.registrationRequired", "true");
  }
}
