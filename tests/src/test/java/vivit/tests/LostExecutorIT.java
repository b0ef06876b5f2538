package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.spark.Train;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.CheckpointStore;
import vivit.tests.cluster.JvmProcess;
import vivit.tests.cluster.Sabotage;
import vivit.tests.cluster.Sabotage.Place;
import vivit.tests.cluster.StandaloneCluster;

/**
 * Executors that die without warning, in whatever phase of a round, cost time, but not the run, and
 * no bit of it.
 */
class LostExecutorIT {
  private static final int EXECUTORS = 2;
  private static final List<Place> PHASES =
      List.of(
          Place.GATHERING,
          Place.TRAINING,
          Place.CONTRIBUTING,
          Place.AVERAGING,
          Place.WRITING,
          Place.BETWEEN_ROUNDS);

  @TempDir static Path folder;
  private static Sabotage sabotage;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    SmallRun.writeShards(folder);
    sabotage = new Sabotage(folder.resolve("orders"));
    cluster =
        StandaloneCluster.start(
            folder, EXECUTORS, Map.of("spark.deploy.maxExecutorRetries", "100"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void executorsThatDieChangeNoBit() throws Exception {
    disturb(1, 12);
  }

  @Test
  @Tag("long")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void executorsThatDieAgainAndAgainChangeNoBit() throws Exception {
    disturb(6, 100);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void vectorsThatWouldNotBeFiniteAreNotKept() throws Exception {
    SmallRun run = new SmallRun(folder.resolve("exploding"));
    try (JvmProcess driver =
        cluster.submit(
            Map.of("spark.ui.enabled", "false"),
            Train.class,
            run.keys(
                4,
                "train.on-non-finite=retry",
                // Each step multiplies the kernels by some -1000.
                "train.learning-rate.base=1",
                "train.weight-decay=1000",
                "train.checkpoint.every=1 steps"))) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.FAILED);
      assertThat(driver.text())
          .contains(
              "Retrying the round (2 of 2): ",
              "Training stopped, nothing of this round was kept: ");
    }
    assertThat(run.rounds()).isBetween(1L, 15L);
    Checkpoint newest =
        CheckpointStore.open(
            new Configuration(), new org.apache.hadoop.fs.Path(run.folder().toUri()));
    for (String vector : List.of("parameters", "momentum", "average")) {
      newest.read(
          vector + ".safetensors",
          (offset, values) -> {
            for (float value : values) {
              assertThat(value).isFinite();
            }
          });
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aDamagedClipEndsARoundThatHasLostAnExecutor() throws Exception {
    Path parent = Files.createDirectory(folder.resolve("damaged"));
    SmallRun.writeShards(parent);
    SmallRun run = new SmallRun(parent.resolve("run"));
    sabotage.hold(Place.BETWEEN_ROUNDS);
    try (JvmProcess driver = cluster.submit(obedient(sabotage), Train.class, run.keys(20))) {
      executors(run, driver);
      // One executor dies before it offers what it has; nobody else trains its workers before the
      // clips are damaged.
      sabotage.hold(Place.CONTRIBUTING);
      sabotage.halt(Place.CONTRIBUTING);
      driver.await(() -> sabotage.isDone(Place.CONTRIBUTING));
      damage(parent.resolve("shards"));
      sabotage.release(Place.CONTRIBUTING);
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.FAILED);
      assertThat(driver.text())
          // the round, or two if the other had not copied all that the dead one owned
          .containsOnlyOnce("; repeating the ")
          .containsPattern("Cannot read .*parquet: .* has checksum .*; prepare this shard again$");
    }
  }

  /** Nobody else has a copy of what a worker keeps for itself. */
  @Test
  @Tag("long")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aWorkersOwnVectorsLeadBackToTheCheckpoint() throws Exception {
    String[] own = {
      "train.optimiser=adamw",
      "train.averaging.every=2",
      "train.averaging.state=keep",
      "train.averaging.wire=int8",
      "train.averaging.outer=nesterov"
    };
    SmallRun undisturbed = new SmallRun(folder.resolve("own-undisturbed"));
    try (JvmProcess driver =
        cluster.submit(
            Map.of("spark.ui.enabled", "false"), Train.class, undisturbed.keys(12, own))) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
    }
    SmallRun disturbed = new SmallRun(folder.resolve("own-disturbed"));
    sabotage.hold(Place.BETWEEN_ROUNDS);
    try (JvmProcess driver =
        cluster.submit(obedient(sabotage), Train.class, disturbed.keys(12, own))) {
      sabotage.kill(Place.BETWEEN_ROUNDS, executors(disturbed, driver).subList(0, 1));
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
      assertThat(driver.text())
          .containsPattern(
              "vectors of which no other executor has a copy; (going back|starting again)");
    }
    disturbed.requireSameAs(undisturbed);
  }

  /** Changes bytes of every clip. */
  private static void damage(Path shards) throws IOException {
    try (Stream<Path> files = Files.list(shards)) {
      for (Path shard : files.filter(file -> file.toString().endsWith(".parquet")).toList()) {
        byte[] bytes = Files.readAllBytes(shard);
        for (int at = 100; at < bytes.length / 2; at += 1000) {
          bytes[at] ^= 1;
        }
        Files.write(shard, bytes);
      }
    }
  }

  @Test
  @Tag("long")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void aRunWhoseExecutorsAlwaysDieEnds() throws Exception {
    Path parent = Files.createDirectory(folder.resolve("deadly"));
    SmallRun.writeShards(parent);
    Sabotage deadly = new Sabotage(parent.resolve("orders"));
    deadly.haltAll(Place.TRAINING);
    try (JvmProcess driver =
        cluster.submit(
            obedient(deadly), Train.class, new SmallRun(parent.resolve("run")).keys(2))) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.FAILED);
      assertThat(driver.text()).contains("gave up after 5 times without a new checkpoint");
    }
  }

  private void disturb(int deaths, int epochs) throws Exception {
    SmallRun undisturbed = new SmallRun(folder.resolve("undisturbed"));
    try (JvmProcess driver = cluster.submit(recorded(), Train.class, undisturbed.keys(epochs))) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
    }
    assertThat(jobs())
        .endsWith("Checkpoint of step " + epochs * SmallRun.STEPS_PER_EPOCH)
        .filteredOn(job -> !job.matches("Checkpoint of step \\d+"))
        .containsExactlyElementsOf(expectedJobs(epochs));

    SmallRun disturbed = new SmallRun(folder.resolve("disturbed"));
    Map<Place, Integer> hit = new EnumMap<>(Place.class);
    sabotage.hold(Place.BETWEEN_ROUNDS);
    try (JvmProcess driver =
        cluster.submit(
            obedient(sabotage), Train.class, disturbed.keys(epochs, "train.on-non-finite=retry"))) {
      for (int death = 0; death < deaths; death++) {
        for (Place phase : PHASES) {
          List<ProcessHandle> both = executors(disturbed, driver);
          if (phase == Place.BETWEEN_ROUNDS) {
            sabotage.kill(phase, both.subList(0, 1));
          } else {
            sabotage.halt(phase);
          }
          driver.await(() -> sabotage.isDone(phase));
          hit.merge(phase, 1, Integer::sum);
          sabotage.hold(Place.BETWEEN_ROUNDS);
        }
      }
      List<ProcessHandle> both = executors(disturbed, driver);
      sabotage.poison();
      driver.await(() -> sabotage.isDone(Place.TRAINING));
      sabotage.kill(Place.BETWEEN_ROUNDS, both);
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
      assertThat(driver.text())
          .contains("Retrying the round (1 of 2): ")
          .containsOnlyOnce("going back to the newest checkpoint");
    }
    assertThat(hit).containsOnlyKeys(PHASES);
    assertThat(hit.values()).containsOnly(deaths);
    disturbed.requireSameAs(undisturbed);
  }

  /**
   * Waits until as many executors as there are workers of the cluster have the vectors twice. The
   * driver is held until it knows them, so that the run does not end before.
   */
  private static List<ProcessHandle> executors(SmallRun run, JvmProcess driver) throws Exception {
    driver.await(() -> haveBeen(Place.REGISTERED, cluster.executors()));
    List<ProcessHandle> both = cluster.executors();
    sabotage.release(Place.BETWEEN_ROUNDS);
    driver.await(() -> haveBeen(Place.AVERAGING, both));
    long rounds = run.rounds();
    driver.await(() -> run.rounds() > rounds + 1);
    return both;
  }

  private static boolean haveBeen(Place place, List<ProcessHandle> executors) {
    return executors.size() == EXECUTORS
        && executors.stream().allMatch(executor -> sabotage.hasSeen(place, executor));
  }

  /** The names of the jobs of a run, in order: as the web interface shows them. */
  private List<String> jobs() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> logs = Files.list(events())) {
      for (String line : Files.readAllLines(logs.findFirst().orElseThrow())) {
        JsonNode event = new ObjectMapper().readTree(line);
        if (event.path("Event").asText().equals("SparkListenerJobStart")) {
          names.add(event.path("Properties").path("spark.job.description").asText());
        }
      }
    }
    return names;
  }

  private static List<String> expectedJobs(int epochs) {
    int rounds = epochs * SmallRun.STEPS_PER_EPOCH;
    List<String> names = new ArrayList<>(List.of("Start: draw the parameters"));
    for (int round = 1; round <= rounds; round++) {
      names.add("Round to version " + round + ": train");
      names.add("Round to version " + round + ": average");
    }
    return names;
  }

  private Path events() {
    return folder.resolve("events");
  }

  private Map<String, String> recorded() throws IOException {
    return Map.of(
        "spark.ui.enabled",
        "false",
        "spark.eventLog.enabled",
        "true",
        "spark.eventLog.dir",
        Files.createDirectories(events()).toUri().toString());
  }

  private static Map<String, String> obedient(Sabotage sabotage) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.driver.extraJavaOptions", sabotage.option());
    settings.put("spark.executor.extraJavaOptions", sabotage.option());
    return settings;
  }
}
