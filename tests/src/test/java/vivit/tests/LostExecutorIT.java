package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.spark.SparkSettings;
import vivit.spark.Train;
import vivit.tests.cluster.LocalCluster;

/** Executors that are killed without warning cost rounds, but not the run, and no bit of it. */
class LostExecutorIT {
  private static final int CLIPS = 24;
  private static final int EPOCHS = 120;
  private static final int STEPS = EPOCHS * 4;
  private static final int KILLS = 4;

  @TempDir Path folder;
  private JavaSparkContext sc;

  @BeforeEach
  void start() throws IOException {
    TinyTrainingSet.write(folder.resolve("shards"), CLIPS);
    sc =
        new JavaSparkContext(
            SparkSettings.complete(
                LocalCluster.conf(2).set("spark.deploy.maxExecutorRetries", "100")));
  }

  @AfterEach
  void stop() {
    sc.close();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void killedExecutorsChangeNoBit() throws Exception {
    train("undisturbed");
    CompletableFuture<Integer> kills = CompletableFuture.supplyAsync(this::killNowAndThen);

    train("disturbed");

    assertThat(kills.get()).as("executors killed while training").isEqualTo(KILLS + 1);
    for (String file : List.of("parameters", "momentum", "average")) {
      assertThat(last("disturbed", file)).hasSameBinaryContentAs(last("undisturbed", file));
    }
    assertThat(Files.readAllLines(folder.resolve("disturbed/metrics.jsonl"))).hasSize(STEPS);
    assertThat(Files.readAllLines(folder.resolve("disturbed/ledger.jsonl")))
        .hasSameSizeAs(Files.readAllLines(folder.resolve("undisturbed/ledger.jsonl")));
  }

  /** Kills one executor at a time, and in the end both at once. */
  private int killNowAndThen() {
    Random random = new Random(5);
    int killed = 0;
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        List<ProcessHandle> executors = awaitBoth();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
        boolean last = kill == KILLS - 1;
        for (ProcessHandle executor : last ? executors : executors.subList(0, 1)) {
          killed += executor.destroyForcibly() ? 1 : 0;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return killed;
  }

  /** Waits until two executors have trained some steps. */
  private List<ProcessHandle> awaitBoth() throws InterruptedException {
    // Spark's list has the driver, too.
    while (steps() < STEPS
        && (executors().size() < 2 || sc.sc().getExecutorMemoryStatus().size() < 3)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    long before = steps();
    while (steps() < before + 3 && steps() < STEPS) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return executors();
  }

  private static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .toList();
  }

  private long steps() {
    try (Stream<String> lines = Files.lines(folder.resolve("disturbed/metrics.jsonl"))) {
      return lines.count();
    } catch (IOException | RuntimeException notYet) {
      return 0;
    }
  }

  private void train(String run) throws IOException {
    List<String> keys = new ArrayList<>();
    keys.addAll(
        List.of(
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
            "model.tubelet.width=4"));
    keys.addAll(
        List.of(
            "train.shards=" + folder.resolve("shards"),
            "train.run=" + folder.resolve(run),
            "train.workers=3",
            "train.epochs=" + EPOCHS,
            "train.batch-size=6",
            "train.averaging-frequency=1",
            "train.ema-decay=0.9",
            "train.ledger=true",
            "train.learning-rate.base=0.01",
            "train.learning-rate.warmup=1 epoch",
            "train.checkpoint.every=10 steps"));
    Train.run(sc, StrictConfig.load(keys.toArray(String[]::new)));
  }

  private Path last(String run, String file) throws IOException {
    try (Stream<Path> checkpoints = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return checkpoints.max(Path::compareTo).orElseThrow().resolve(file + ".safetensors");
    }
  }
}
