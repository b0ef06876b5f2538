package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.LocalSpark;
import vivit.spark.SparkSettings;
import vivit.spark.Train;
import vivit.tests.cluster.MiniHdfs;

/** HDFS that loses its NameNode for a while, and a DataNode for good, while a run trains. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FailingStorageIT {
  private static final int EPOCHS = 30;

  @TempDir java.nio.file.Path folder;
  private MiniHdfs hdfs;
  private JavaSparkContext sc;

  @BeforeEach
  void start() throws IOException {
    SmallRun.writeShards(folder);
    hdfs = MiniHdfs.start(folder.resolve("hdfs")); // which has fewer DataNodes than a file copies
    sc = LocalSpark.start(2, SparkSettings.complete(new SparkConf()));
  }

  @AfterEach
  void stop() {
    if (sc != null) {
      sc.close();
    }
    hdfs.close();
  }

  @Test
  void aRunGoesOn() throws Exception {
    SmallRun undisturbed = new SmallRun(folder.resolve("undisturbed"));
    Train.run(sc, StrictConfig.load(undisturbed.keys(EPOCHS)));

    FileSystem fs = hdfs.fileSystem();
    Path run = new Path(hdfs.uri() + "/run");
    Path shards = new Path(hdfs.uri() + "/shards");
    fs.copyFromLocalFile(new Path(folder.resolve("shards").toUri()), shards);
    SmallRun disturbed = new SmallRun(folder.resolve("disturbed"));
    String[] keys = disturbed.keys(EPOCHS, "train.run=" + run, "train.shards=" + shards);
    CompletableFuture<Object> training =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Train.run(sc, StrictConfig.load(keys));
              } catch (IOException failed) {
                throw new AssertionError(failed);
              }
            });
    await(fs, run, 7, training);
    hdfs.stopDataNode();
    await(fs, run, rounds(fs, run) + 7, training);
    hdfs.restartNameNode(); // meanwhile training goes on
    training.get();

    fs.copyToLocalFile(run, new Path(disturbed.folder().toUri()));
    disturbed.requireSameAs(undisturbed);

    Train.run(sc, StrictConfig.load(keys)); // resumes what is finished, on one DataNode
    assertThat(rounds(fs, run)).isEqualTo(EPOCHS * SmallRun.STEPS_PER_EPOCH);
  }

  private static void await(FileSystem fs, Path run, long rounds, CompletableFuture<?> training)
      throws Exception {
    while (rounds(fs, run) < rounds) {
      assertThat(training).isNotDone();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static long rounds(FileSystem fs, Path run) throws IOException {
    Path metrics = new Path(run, "metrics.jsonl");
    if (!fs.exists(metrics)) {
      return 0;
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(fs.open(metrics), StandardCharsets.UTF_8))) {
      return lines.lines().count();
    }
  }
}
