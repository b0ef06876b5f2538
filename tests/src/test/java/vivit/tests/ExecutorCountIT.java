package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.config.Command;
import vivit.spark.Train;
import vivit.tests.cluster.JvmProcess;
import vivit.tests.cluster.Sabotage;
import vivit.tests.cluster.Sabotage.Place;
import vivit.tests.cluster.StandaloneCluster;

/**
 * Four workers give the same bits on any number of executors, with any number of cores, and when
 * executors come and go.
 */
@Tag("long")
class ExecutorCountIT {
  private static final int EPOCHS = 5;
  private static final int MOST_EXECUTORS = 4;
  private static final Map<String, String> ALONE = Map.of("spark.ui.enabled", "false");

  @TempDir static Path folder;
  private static StandaloneCluster cluster;
  private static SmallRun onOne;

  @BeforeAll
  static void trainOnOne() throws IOException {
    SmallRun.writeShards(folder);
    cluster = StandaloneCluster.start(folder, 0, ALONE);
    cluster.addWorkers(MOST_EXECUTORS, 2);
    onOne = train(1, 1);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "3, 1", "4, 1", "1, 2", "2, 2", "3, 2", "4, 2"})
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void bitsDependOnNeitherExecutorsNorCores(int executors, int cores) throws IOException {
    train(executors, cores).requireSameAs(onOne);
  }

  /** Every vector of the last checkpoint, those of the optimisers and of single workers too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.optimiser=adamw",
        "train.averaging.every=2 train.averaging.wire=int8 train.averaging.outer=slowmo",
        "train.averaging.every=3 train.averaging.wire=bfloat16 train.averaging.state=reset",
        "train.averaging.every=2 train.averaging.wire=int8 train.averaging.outer=nesterov"
            + " train.averaging.state=keep train.optimiser=adamw"
      })
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void bitsDependOnNoExecutorsHoweverWorkersAreAveraged(String keys) throws IOException {
    String[] special = keys.split(" ", -1);
    train(3, 1, special).requireSameAs(train(1, 1, special));
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void anExecutorMayJoinAndAnotherLeave() throws Exception {
    SmallRun run = new SmallRun(folder.resolve("changing"));
    Sabotage sabotage = new Sabotage(folder.resolve("orders"));
    Map<String, String> settings = new TreeMap<>(ALONE);
    settings.put("spark.driver.extraJavaOptions", sabotage.option());
    settings.put("spark.executor.extraJavaOptions", sabotage.option());
    sabotage.hold(Place.BETWEEN_ROUNDS);
    try (StandaloneCluster changing = StandaloneCluster.start(folder, 1, ALONE);
        JvmProcess driver = changing.submit(settings, Train.class, run.keys(EPOCHS))) {
      awaitExecutors(changing, sabotage, Place.CONTRIBUTING, 1, driver);
      changing.addWorkers(1, 1);
      awaitExecutors(changing, sabotage, Place.REGISTERED, 2, driver);
      sabotage.release(Place.BETWEEN_ROUNDS);
      awaitExecutors(changing, sabotage, Place.CONTRIBUTING, 2, driver);
      sabotage.hold(Place.BETWEEN_ROUNDS);
      changing.killWorker();
      sabotage.release(Place.BETWEEN_ROUNDS);
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
    }
    run.requireSameAs(onOne);
  }

  /** Waits until as many executors have been at a place. */
  private static void awaitExecutors(
      StandaloneCluster cluster, Sabotage sabotage, Place place, int count, JvmProcess driver)
      throws InterruptedException {
    while (cluster.executors().stream().filter(e -> sabotage.hasSeen(place, e)).count() < count) {
      assertThat(driver.isAlive()).as(driver::text).isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static Map<String, String> settings(int executors, int cores) {
    return Map.of(
        "spark.ui.enabled",
        "false",
        "spark.executor.cores",
        Integer.toString(cores),
        "spark.cores.max",
        Integer.toString(executors * cores),
        "spark.scheduler.minRegisteredResourcesRatio",
        "1",
        "spark.scheduler.maxRegisteredResourcesWaitingTime",
        "5m");
  }

  private static SmallRun train(int executors, int cores, String... special) throws IOException {
    String name = executors + "x" + cores + Integer.toHexString(List.of(special).hashCode());
    SmallRun run = new SmallRun(folder.resolve(name));
    try (JvmProcess driver =
        cluster.submit(settings(executors, cores), Train.class, run.keys(EPOCHS, special))) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
    }
    return run;
  }
}
