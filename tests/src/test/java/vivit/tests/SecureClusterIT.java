package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.PrepareShards;
import vivit.dataprep.config.Command;
import vivit.spark.Train;
import vivit.spark.demo.DemoVideos;
import vivit.tests.cluster.JvmProcess;
import vivit.tests.cluster.StandaloneCluster;

/**
 * A standalone cluster that authenticates and encrypts, with the settings of {@code
 * conf/secure-spark.properties}: who knows the secret works as on any other cluster, nobody else
 * gets in.
 */
class SecureClusterIT {
  private static final String SECRET = "4f1d7c0be2a94a56b8f30d6c9e7a1b25";
  private static final String REFUSAL =
      "Cannot start Spark: spark://127.0.0.1:\\d+ does not accept this application; check that a"
          + " master runs there, and that the settings spark.authenticate and spark.network.crypto"
          + " are those of the cluster";

  @TempDir static Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void worksForWhoKnowsTheSecret() throws Exception {
    new DemoVideos(2, 1)
        .write(
            FileSystem.getLocal(new Configuration()),
            new org.apache.hadoop.fs.Path(folder.resolve("videos").toUri()),
            done -> {});
    try (StandaloneCluster cluster = StandaloneCluster.start(folder, 2, settings(SECRET));
        // Spark tries for a minute before it gives up.
        JvmProcess without = cluster.submit(Map.of(), Train.class, training("without"));
        JvmProcess wrong = cluster.submit(settings("0" + SECRET), Train.class, training("wrong"))) {
      requireDone(
          cluster.submit(
              PrepareShards.class,
              "conf/tiny.conf",
              "prepare.input=" + folder.resolve("videos"),
              "prepare.output=" + folder.resolve("shards")));
      requireDone(cluster.submit(Train.class, training("run")));
      assertThat(Files.readAllLines(folder.resolve("run/metrics.jsonl"))).hasSize(2);
      assertThat(cluster.log()).contains("Launch command: ").doesNotContain(SECRET);
      for (JvmProcess stranger : List.of(without, wrong)) {
        assertThat(stranger.status()).as(stranger::text).isEqualTo(Command.FAILED);
        assertThat(stranger.text()).containsPattern(REFUSAL).doesNotContain(SECRET);
      }
      assertThat(folder.resolve("without")).doesNotExist();
      assertThat(folder.resolve("wrong")).doesNotExist();
    }
  }

  private static String[] training(String run) {
    return new String[] {
      "conf/tiny.conf",
      "train.shards=" + folder.resolve("shards"),
      "train.run=" + folder.resolve(run),
      "train.epochs=2",
      "train.batch-size=8",
      "train.averaging.every=2",
      "train.learning-rate.warmup=1 epoch"
    };
  }

  private static void requireDone(JvmProcess job) {
    try (job) {
      assertThat(job.status()).as(job::text).isEqualTo(Command.DONE);
    }
  }

  private static Map<String, String> settings(String secret) throws IOException {
    Properties file = new Properties();
    try (Reader text = Files.newBufferedReader(Path.of("../conf/secure-spark.properties"))) {
      file.load(text);
    }
    Map<String, String> settings = new TreeMap<>();
    file.stringPropertyNames().forEach(key -> settings.put(key, file.getProperty(key)));
    settings.put("spark.authenticate.secret", secret);
    return settings;
  }
}
