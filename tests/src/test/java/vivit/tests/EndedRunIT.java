package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.spark.Train;
import vivit.tests.cluster.JvmProcess;
import vivit.tests.cluster.Sabotage;
import vivit.tests.cluster.Sabotage.Place;
import vivit.tests.cluster.StandaloneCluster;

/** A run that is ended from outside, or by jobs that fail, keeps all rounds that it has trained. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EndedRunIT {
  private static final int EPOCHS = 10;

  /** Between two checkpoints. */
  private static final int ROUNDS = 7;

  @TempDir static Path folder;
  private static Sabotage sabotage;
  private static StandaloneCluster cluster;
  private static SmallRun undisturbed;

  @BeforeAll
  static void start() throws IOException {
    SmallRun.writeShards(folder);
    sabotage = new Sabotage(folder.resolve("orders"));
    cluster = StandaloneCluster.start(folder, 2, Map.of());
    undisturbed = new SmallRun(folder.resolve("undisturbed"));
    try (JvmProcess driver = submit(undisturbed)) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void end() throws IOException {
    sabotage.end();
  }

  @Test
  void aTerminatedRunGoesOnFromItsLastRound() throws Exception {
    SmallRun run = new SmallRun(folder.resolve("terminated"));
    try (JvmProcess driver = submit(run)) {
      holdAfter(run, driver);
      sabotage.hold(Place.TRAINING); // the next round does not end
      sabotage.release(Place.BETWEEN_ROUNDS);
      driver.await(() -> sabotage.isHeld(Place.TRAINING));
      driver.terminate();
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.TERMINATED);
      assertThat(driver.text())
          .containsPattern(
              "Stopped after step %d of .*; the same command goes on from there$"
                  .formatted(run.rounds()))
          .doesNotContain("\tat ");
    }
    sabotage.release(Place.TRAINING);
    assertThat(run.newest(".").toString()).contains("step-%08d".formatted(run.rounds()));
    goesOn(run);
  }

  @Test
  void jobsThatFailForAWhileAreRepeatedAndThoseThatFailForeverKeepTheLastRound() throws Exception {
    SmallRun run = new SmallRun(folder.resolve("failing"));
    try (JvmProcess driver = submit(run)) {
      holdAfter(run, driver);
      sabotage.fail(Place.CONTRIBUTING);
      sabotage.release(Place.BETWEEN_ROUNDS);
      driver.await("(it is repeated in 5 s): sabotaged");
      sabotage.mend(Place.CONTRIBUTING);
      long before = run.rounds();
      driver.await(() -> run.rounds() > before);
      sabotage.fail(Place.AVERAGING);
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.FAILED);
      assertThat(driver.text())
          .containsOnlyOnce("it is repeated in 25 s: sabotaged")
          .contains("Wrote a checkpoint of step " + run.rounds())
          .endsWith("\nsabotaged");
    }
    sabotage.mend(Place.AVERAGING);
    assertThat(run.newest(".").toString()).contains("step-%08d".formatted(run.rounds()));
    goesOn(run);
  }

  @Test
  @Tag("long")
  void tasksThatHangAreEndedWithTheirExecutors() throws Exception {
    SmallRun run = new SmallRun(folder.resolve("hanging"));
    try (JvmProcess driver = submit(run)) {
      for (Place phase : List.of(Place.TRAINING, Place.AVERAGING)) {
        holdAfter(run, driver);
        sabotage.hang(phase);
        sabotage.release(Place.BETWEEN_ROUNDS);
        driver.await(() -> sabotage.isTaken(phase));
        sabotage.hold(Place.BETWEEN_ROUNDS);
        driver.await(() -> sabotage.isDone(phase)); // whoever hangs is dead
        sabotage.release(Place.BETWEEN_ROUNDS);
      }
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
      assertThat(driver.text())
          .contains("Tasks of a job to train have run for 60 s, 10 times as long")
          .contains("Tasks of a job to average have run for 60 s, 10 times as long")
          .contains("They do not end, so their executors are killed: executor ");
    }
    run.requireSameAs(undisturbed);
  }

  private static void goesOn(SmallRun run) throws IOException {
    try (JvmProcess driver = submit(run)) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
    }
    run.requireSameAs(undisturbed);
  }

  private static JvmProcess submit(SmallRun run) throws IOException {
    return cluster.submit(
        Map.of(
            "spark.ui.enabled",
            "false",
            "spark.driver.extraJavaOptions",
            sabotage.option(),
            "spark.executor.extraJavaOptions",
            sabotage.option()),
        Train.class,
        run.keys(EPOCHS));
  }

  /** Lets a run train some rounds, and holds it then. */
  private static void holdAfter(SmallRun run, JvmProcess driver) throws Exception {
    driver.await(() -> run.rounds() >= ROUNDS);
    sabotage.hold(Place.BETWEEN_ROUNDS);
    driver.await(() -> sabotage.isHeld(Place.BETWEEN_ROUNDS));
  }
}
