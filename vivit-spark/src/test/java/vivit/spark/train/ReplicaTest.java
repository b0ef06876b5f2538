package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.model.ViViTConfig;
import vivit.model.parameter.ParameterIndex;
import vivit.spark.config.AveragingSettings.States;
import vivit.spark.config.TrainingSettings;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.NativeVector;
import vivit.spark.exchange.Packing;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;
import vivit.spark.train.RoundOrder.Averaging;
import vivit.spark.train.RoundPart.WorkerReport;
import vivit.spark.train.RoundPlanner.RoundWork;

/** Two rounds of one worker, every augmentation on. */
class ReplicaTest {
  private static final int CLIPS = 17;
  private static final long SECOND_ROUND = 2;

  @TempDir static Path folder;
  private static TinyRun run;
  private static RoundVectors start;
  private static RunSetup setup;

  @BeforeAll
  static void prepare() throws IOException {
    TinyTrainingSet.write(folder.resolve("shards"), CLIPS);
    run =
        new TinyRun(
            folder.resolve("shards"),
            folder.resolve("run"),
            1,
            "train.rand-augment.layers=0",
            "train.rand-augment.magnitude=15",
            "train.colour-jitter.probability=0.7",
            "train.colour-jitter.grey=0.3",
            "train.ledger=true");
    TrainingSettings settings = run.experiment().training();
    ViViTConfig model = run.experiment().model().withHeads(run.manifest().heads());
    Slicing slicing = new Slicing(ParameterIndex.of(model).length(), 100);
    SliceTable table =
        new SliceTable("run", 0, slicing.count(), List.of(RoundOrder.PARAMETERS, MOMENTUM));
    TrainingSpark.context();
    Exchange exchange = Exchange.get();
    try (NativeVector parameters = new NativeVector(exchange.store(), slicing);
        NativeVector momentum = new NativeVector(exchange.store(), slicing)) {
      StartingParameters.draw(model, settings.seed(), parameters::write);
      parameters.publish(table, RoundOrder.PARAMETERS);
      momentum.publish(table, MOMENTUM);
    }
    start =
        new RoundVectors(
            exchange,
            new RoundOrder(
                slicing,
                table,
                Averaging.VECTORS,
                new RoundOrder.WorkerStates(List.of(MOMENTUM), States.AVERAGE),
                Packing.FLOAT32,
                1,
                -1));
    setup = RunSetup.of(settings, model, run.manifest(), new Configuration());
  }

  private static final String MOMENTUM = "momentum";

  private static RoundWork round(long step) {
    return new RoundPlanner(run.experiment().training(), CLIPS, 1).round(step).get(0);
  }

  /** Parameters and momentum after the second round alone, read by one thread. */
  private static List<float[]> expected() throws Exception {
    try (Replica replica = Replica.open(setup, 1)) {
      replica.train(round(SECOND_ROUND), start, new TaskPhases.Clock());
      return vectors(replica);
    }
  }

  private static List<float[]> vectors(Replica replica) {
    return List.of(
        replica.parameters().dup().data().asFloat(),
        replica.states().get(0).dup().data().asFloat());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theNumberOfReadingThreadsChangesNothing(int threads) throws Exception {
    try (Replica replica = Replica.open(setup, threads)) {
      replica.train(round(0), start, new TaskPhases.Clock());
      assertThat(replica.isAheadFor(round(SECOND_ROUND))).isTrue();
      assertThat(replica.isAheadFor(round(0))).isFalse();

      WorkerReport report = replica.train(round(SECOND_ROUND), start, new TaskPhases.Clock());

      List<float[]> expected = expected();
      assertThat(vectors(replica).get(0)).isEqualTo(expected.get(0));
      assertThat(vectors(replica).get(1)).isEqualTo(expected.get(1));
      assertThat(report.steps()).hasSize(1);
      assertThat(report.waitedSeconds()).isBetween(0.0, report.seconds());
    }
  }

  @Test
  void aRoundTriedAgainIsTheSame() throws Exception {
    try (Replica replica = Replica.open(setup, 2)) {
      replica.train(round(SECOND_ROUND), start, new TaskPhases.Clock());
      replica.train(round(SECOND_ROUND), start, new TaskPhases.Clock());

      assertThat(vectors(replica).get(0)).isEqualTo(expected().get(0));
    }
  }

  @Test
  void closingEndsTheReadingThreads() throws Exception {
    Set<Thread> before = readers();
    Replica replica = Replica.open(setup, 3);
    replica.train(round(0), start, new TaskPhases.Clock());
    Set<Thread> during = readers();
    replica.close();

    during.removeAll(before);
    assertThat(during).hasSize(3);
    for (Thread reader : during) {
      reader.join();
    }
  }

  private static Set<Thread> readers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("clip-reader"))
        .collect(Collectors.toSet());
  }
}
