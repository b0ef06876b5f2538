package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.spark.Train;
import vivit.tests.cluster.JvmFigures;
import vivit.tests.cluster.JvmProcess;
import vivit.tests.cluster.StandaloneCluster;

/** Two thousand rounds take no more memory, threads and files than five hundred. */
@Tag("long")
class LongRunIT {
  private static final int EPOCHS = 500;
  private static final int EARLY = 500;
  private static final int LATE = EPOCHS * SmallRun.STEPS_PER_EPOCH - 10;
  private static final int SETTLING = 20;
  private static final double GROWTH = 1.1;

  @TempDir Path folder;

  /** Files below some folders, and their bytes. */
  private record Stored(long count, long bytes) {}

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void nothingGrowsAndNothingIsLeft() throws Exception {
    SmallRun.writeShards(folder);
    SmallRun run = new SmallRun(folder.resolve("run"));
    Path local = Files.createDirectories(folder.resolve("local"));
    Map<String, String> settings =
        Map.of("spark.local.dir", local.toString(), "spark.ui.enabled", "false");
    try (StandaloneCluster cluster = StandaloneCluster.start(folder, 2, settings)) {
      List<ProcessHandle> executors;
      try (JvmProcess driver =
          cluster.submit(
              settings, Train.class, run.keys(EPOCHS, "train.checkpoint.every=25 steps"))) {
        awaitRounds(run, EARLY - SETTLING, driver);
        executors = cluster.executors();
        List<ProcessHandle> jvms = new ArrayList<>(executors);
        jvms.add(driver.handle());
        List<JvmFigures> early = figures(jvms, run, EARLY, driver);
        Stored earlyFiles = files(local);
        awaitRounds(run, LATE - SETTLING, driver);
        List<JvmFigures> late = figures(jvms, run, LATE, driver);
        Stored lateFiles = files(local);
        System.err.printf("after %d rounds %s %s%n", EARLY, early, earlyFiles);
        System.err.printf("after %d rounds %s %s%n", LATE, late, lateFiles);
        for (int i = 0; i < jvms.size(); i++) {
          JvmFigures then = early.get(i);
          JvmFigures now = late.get(i);
          assertThat(now.heap()).as("heap").isLessThan((long) (GROWTH * then.heap()));
          assertThat(now.tensors())
              .as("tensors")
              .isLessThanOrEqualTo((long) (GROWTH * then.tensors()));
          assertThat(now.resident()).as("memory").isLessThan((long) (GROWTH * then.resident()));
          assertThat(now.descriptors())
              .as("descriptors")
              .isLessThan((long) (GROWTH * then.descriptors()));
          assertThat(now.threads()).as("threads").isLessThan((long) (GROWTH * then.threads()));
        }
        assertThat(lateFiles.count()).isLessThanOrEqualTo((long) (GROWTH * earlyFiles.count()));
        assertThat(lateFiles.bytes()).isLessThanOrEqualTo((long) (GROWTH * earlyFiles.bytes()));
        assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
      }
      for (ProcessHandle executor : executors) {
        executor.onExit().get(1, TimeUnit.MINUTES);
      }
      assertThat(cluster.executors()).isEmpty();
      assertThat(files(local).count()).as("files in spark.local.dir").isZero();
    }
    try (Stream<Path> left = Files.walk(run.folder())) {
      assertThat(left).noneMatch(path -> path.getFileName().toString().endsWith(".tmp"));
    }
  }

  private static void awaitRounds(SmallRun run, int rounds, JvmProcess driver) throws Exception {
    while (run.rounds() < rounds) {
      assertThat(driver.isAlive()).as(driver::text).isTrue();
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** Measures after a round, some rounds after a first garbage collection. */
  private List<JvmFigures> figures(
      List<ProcessHandle> jvms, SmallRun run, int round, JvmProcess driver) throws Exception {
    for (ProcessHandle jvm : jvms) {
      JvmFigures.of(jvm, folder); // lets Spark know which broadcasts nobody needs any more
    }
    awaitRounds(run, round, driver);
    List<JvmFigures> figures = new ArrayList<>();
    for (ProcessHandle jvm : jvms) {
      figures.add(JvmFigures.of(jvm, folder));
    }
    return figures;
  }

  private static Stored files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      return new Stored(files.size(), files.stream().mapToLong(LongRunIT::size).sum());
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
