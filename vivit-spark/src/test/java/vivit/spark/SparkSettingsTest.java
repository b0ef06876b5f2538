package vivit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import vivit.dataprep.config.Refusal;

class SparkSettingsTest {
  private static SparkConf conf() {
    return new SparkConf(false).setMaster("spark://master:7077");
  }

  @Test
  void tensorsGetAsMuchAsTheHeapByDefault() {
    SparkConf conf = SparkSettings.complete(conf().set("spark.executor.memory", "8g"));

    assertThat(conf.get("spark.executor.memoryOverhead")).isEqualTo((8192 + 819) + "m");
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo(
            "-Dorg.bytedeco.javacpp.maxbytes=8192m -Dorg.bytedeco.javacpp.maxphysicalbytes=17203m");
  }

  @Test
  void tensorsGetWhatTheOverheadLeavesAndOptionsStay() {
    SparkConf conf =
        SparkSettings.complete(
            conf()
                .set("spark.executor.memory", "4g")
                .set("spark.executor.memoryOverhead", "10g")
                .set("spark.executor.extraJavaOptions", "-XX:+UseG1GC"));

    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo(
            "-XX:+UseG1GC -Dorg.bytedeco.javacpp.maxbytes=9831m"
                + " -Dorg.bytedeco.javacpp.maxphysicalbytes=14336m");
  }

  @Test
  void anOverheadWithoutRoomForTensorsIsRefused() {
    SparkConf conf = conf().set("spark.executor.memoryOverhead", "512m");

    assertThatThrownBy(() -> SparkSettings.complete(conf))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "spark.executor.memoryOverhead: found 512 MiB, of which the JVM needs about 384;"
                + " tensors live outside the heap, expected at least 640 MiB");
  }

  @Test
  void aTaskHasAllCoresOfItsExecutor() {
    SparkConf conf = SparkSettings.complete(conf().set("spark.executor.cores", "16"));

    assertThat(conf.get("spark.task.cpus")).isEqualTo("16");
  }

  @Test
  void localMastersShareOneJvmAndNeedNothing() {
    SparkConf conf = SparkSettings.complete(new SparkConf(false).setMaster("local[2]"));

    assertThat(conf.contains("spark.executor.memoryOverhead")).isFalse();
  }
}
