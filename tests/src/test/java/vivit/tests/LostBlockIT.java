package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.LocalSpark;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.model.checkpoint.CorruptCheckpointException;
import vivit.spark.SparkSettings;
import vivit.spark.Train;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.tests.cluster.MiniHdfs;

/** Blocks that HDFS has lost cost a run the steps since the checkpoint before, and no more. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LostBlockIT {
  private static final List<String> VECTORS =
      List.of("parameters.safetensors", "momentum.safetensors");

  @TempDir static java.nio.file.Path folder;
  private MiniHdfs hdfs;
  private JavaSparkContext sc;

  @BeforeAll
  void start() throws IOException {
    TinyTrainingSet.write(folder.resolve("shards"), 18);
    hdfs = MiniHdfs.start(folder.resolve("hdfs"));
    SparkConf conf = new SparkConf();
    quick().forEach(entry -> conf.set("spark.hadoop." + entry.getKey(), entry.getValue()));
    sc = LocalSpark.start(2, SparkSettings.complete(conf));
  }

  @AfterAll
  void stop() {
    if (sc != null) {
      sc.close();
    }
    if (hdfs != null) {
      hdfs.close();
    }
  }

  /** Does not wait for blocks that will not come back; as many copies as there are DataNodes. */
  private static Configuration quick() {
    Configuration conf = new Configuration(false);
    conf.setInt("dfs.client.retry.window.base", 1);
    conf.setInt("dfs.replication", 2);
    return conf;
  }

  @ParameterizedTest
  @CsvSource({
    "momentum.safetensors, delete",
    "parameters.safetensors, corrupt",
    "state.json, delete"
  })
  void theRunGoesOnFromTheCheckpointBefore(String file, String damage) throws IOException {
    Path run = new Path(hdfs.uri() + "/" + file + "-" + damage);
    train(run);
    Path newest = new Path(run, "checkpoints/step-00000009");
    List<byte[]> undisturbed = vectors(newest);
    if (damage.equals("delete")) {
      hdfs.deleteBlock(new Path(newest, file));
    } else {
      hdfs.corruptBlock(new Path(newest, file));
    }
    assertThat(CheckpointStore.open(sc.hadoopConfiguration(), run).state().step()).isEqualTo(6);

    train(run);

    assertThat(CheckpointStore.open(sc.hadoopConfiguration(), run).state().step()).isEqualTo(9);
    List<byte[]> again = vectors(newest);
    for (int i = 0; i < again.size(); i++) {
      assertThat(Arrays.equals(again.get(i), undisturbed.get(i))).as(VECTORS.get(i)).isTrue();
    }
  }

  @Test
  void aNameNodeThatIsNotReadyIsNoDamage() throws IOException {
    Path run = new Path(hdfs.uri() + "/safe");
    train(run);
    hdfs.deleteBlock(new Path(run, "checkpoints/step-00000009/momentum.safetensors"));

    hdfs.safeMode(SafeModeAction.SAFEMODE_ENTER);
    try {
      assertThatThrownBy(() -> CheckpointStore.open(sc.hadoopConfiguration(), run))
          .isNotInstanceOf(CorruptCheckpointException.class)
          .hasMessageContaining("the storage is not available: HDFS is in safe mode");
    } finally {
      hdfs.safeMode(SafeModeAction.SAFEMODE_LEAVE);
    }
    assertThat(CheckpointStore.open(sc.hadoopConfiguration(), run).state().step()).isEqualTo(6);
  }

  private List<byte[]> vectors(Path checkpoint) throws IOException {
    FileSystem fs = hdfs.fileSystem();
    List<byte[]> vectors = new ArrayList<>();
    for (String name : VECTORS) {
      try (FSDataInputStream in = fs.open(new Path(checkpoint, name))) {
        vectors.add(in.readAllBytes());
      }
    }
    return vectors;
  }

  /** Three steps an epoch, nine in all. */
  private void train(Path run) throws IOException {
    Train.run(
        sc,
        StrictConfig.load(
            "model.preset=null",
            "model.width=12",
            "model.attention-heads=3",
            "model.mlp-width=20",
            "model.spatial-layers=2",
            "model.temporal-layers=1",
            "model.clip.frames=4",
            "model.clip.height=8",
            "model.clip.width=8",
            "model.tubelet.height=4",
            "model.tubelet.width=4",
            "train.shards=" + folder.resolve("shards"),
            "train.run=" + run,
            "train.workers=2",
            "train.epochs=3",
            "train.batch-size=6",
            "train.averaging.every=1",
            "train.learning-rate.base=0.05",
            "train.learning-rate.warmup=1 epoch",
            "train.checkpoint.every=3 steps"));
  }
}
