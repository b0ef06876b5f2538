package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.spark.Train;
import vivit.tests.cluster.JvmFigures;
import vivit.tests.cluster.JvmProcess;
import vivit.tests.cluster.StandaloneCluster;

/**
 * The published ViViT-B trains with a driver that could hold none of its vectors. Only clips and
 * tubelets are smaller.
 */
@Tag("long")
class LargeModelIT {
  private static final int CLIPS = 12;
  private static final int ROUNDS = 3;
  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void theDriverHoldsNoVector() throws Exception {
    TinyTrainingSet.write(folder.resolve("shards"), CLIPS);
    SmallRun run = new SmallRun(folder.resolve("run"));
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.driver.memory", "512m");
    settings.put("spark.executor.memory", "1g");
    settings.put("spark.executor.memoryOverhead", "7g");
    try (StandaloneCluster cluster = StandaloneCluster.start(folder, 2, settings);
        JvmProcess driver = cluster.submit(settings, Train.class, keys(run))) {
      while (run.rounds() < ROUNDS - 1) {
        assertThat(driver.isAlive()).as(driver::text).isTrue();
        TimeUnit.MILLISECONDS.sleep(100);
      }
      JvmFigures ofDriver = JvmFigures.of(driver.handle(), folder);
      List<JvmFigures> ofExecutors = new ArrayList<>();
      List<ProcessHandle> executors = cluster.executors();
      for (ProcessHandle executor : executors) {
        ofExecutors.add(JvmFigures.of(executor, folder));
      }
      long[] peak = new long[executors.size()];
      while (driver.isAlive()) {
        for (int i = 0; i < peak.length; i++) {
          peak[i] = Math.max(peak[i], peakBytes(executors.get(i)));
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);

      long parameters = Files.size(run.newest("parameters.safetensors")) / Float.BYTES;
      System.err.printf("driver %s%nexecutors %s%n", ofDriver, ofExecutors);
      assertThat(parameters).isGreaterThan(110_000_000);
      assertThat(ofDriver.heap()).isLessThan(128 * MIB);
      assertThat(ofExecutors).hasSize(2).allMatch(executor -> executor.heap() < 128 * MIB);
      for (long bytes : peak) {
        System.err.printf("peak %d bytes, %.1f a parameter%n", bytes, (double) bytes / parameters);
        assertThat(bytes).isLessThan(60 * parameters);
      }
    }
  }

  private String[] keys(SmallRun run) {
    return new String[] {
      "conf/vivit-b-16x2-fe-k400.conf",
      "model.clip.frames=4",
      "model.clip.height=8",
      "model.clip.width=8",
      "model.tubelet.height=4",
      "model.tubelet.width=4",
      "train.shards=" + folder.resolve("shards"),
      "train.run=" + run.folder(),
      "train.workers=2",
      "train.epochs=1",
      "train.learning-rate.warmup=1 steps",
      "train.batch-size=" + CLIPS / ROUNDS
    };
  }

  /** The most physical memory that a process has had; 0 if it has ended. */
  private static long peakBytes(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException ended) {
      return 0;
    }
  }
}
