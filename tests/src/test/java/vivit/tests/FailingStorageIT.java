package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.spark.Train;
import vivit.tests.cluster.JvmProcess;
import vivit.tests.cluster.MiniHdfs;
import vivit.tests.cluster.Sabotage;
import vivit.tests.cluster.Sabotage.Place;

/**
 * HDFS that loses its DataNodes, one of them for good, and then its NameNode, while a run trains.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class FailingStorageIT {
  private static final int EPOCHS = 10;

  @TempDir java.nio.file.Path folder;

  @Test
  void aRunGoesOn() throws Exception {
    SmallRun.writeShards(folder);
    SmallRun undisturbed = new SmallRun(folder.resolve("undisturbed"));
    try (JvmProcess driver = train(List.of(), undisturbed.keys(EPOCHS))) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
    }
    SmallRun disturbed = new SmallRun(folder.resolve("disturbed"));
    Sabotage sabotage = new Sabotage(folder.resolve("orders"));
    try (MiniHdfs hdfs = MiniHdfs.start(folder.resolve("hdfs"))) { // fewer nodes than copies
      FileSystem fs = hdfs.fileSystem();
      Path run = new Path(hdfs.uri() + "/run");
      String[] keys = disturbed.keys(EPOCHS, "train.run=" + run);
      try (JvmProcess driver = train(List.of(sabotage.option()), keys)) {
        driver.await(() -> rounds(fs, run) >= 7);
        sabotage.hold(Place.BETWEEN_ROUNDS);
        driver.await(() -> sabotage.isHeld(Place.BETWEEN_ROUNDS));
        hdfs.stopDataNodes();
        sabotage.release(Place.BETWEEN_ROUNDS);
        driver.await("(Cannot write .*/metrics.jsonl: .*)");
        hdfs.startDataNode();
        driver.await("(/metrics.jsonl can be written again)");
        hdfs.restartNameNode(); // meanwhile training goes on, or even ends
        assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
      }
      fs.copyToLocalFile(run, new Path(disturbed.folder().toUri()));
      disturbed.requireSameAs(undisturbed);
      try (JvmProcess again = train(List.of(), keys)) { // resumes what is finished
        assertThat(again.status()).as(again::text).isEqualTo(Command.DONE);
      }
      assertThat(rounds(fs, run)).isEqualTo(EPOCHS * SmallRun.STEPS_PER_EPOCH);
    }
  }

  private static JvmProcess train(List<String> options, String... keys) throws IOException {
    List<String> all = new ArrayList<>(List.of("-Xmx1g", "-Dspark.master=local[2]"));
    all.addAll(options);
    return JvmProcess.start(Train.class.getName(), all, List.of(keys));
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
