package vivit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.Command;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.spark.Evaluate;
import vivit.spark.Train;
import vivit.tests.cluster.JvmProcess;
import vivit.tests.cluster.Sabotage;
import vivit.tests.cluster.Sabotage.Place;
import vivit.tests.cluster.StandaloneCluster;

/** Executors that fetch from one another what they validate, and one that dies doing so. */
class ValidationIT {
  private static final int EPOCHS = 4;

  @TempDir static Path folder;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    SmallRun.writeShards(folder);
    TinyTrainingSet.writeForEvaluation(folder.resolve("validation"), 20);
    cluster = StandaloneCluster.start(folder, 2, Map.of());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void figuresAreThoseOfEvaluateEvenIfAnExecutorDies() throws Exception {
    SmallRun undisturbed = new SmallRun(folder.resolve("undisturbed"));
    train(undisturbed, Map.of("spark.ui.enabled", "false"));

    Sabotage sabotage = new Sabotage(folder.resolve("orders"));
    Map<String, String> obedient = new TreeMap<>(Map.of("spark.ui.enabled", "false"));
    obedient.put("spark.executor.extraJavaOptions", sabotage.option());
    sabotage.halt(Place.VALIDATING);
    SmallRun disturbed = new SmallRun(folder.resolve("disturbed"));
    String said = train(disturbed, obedient);

    assertThat(sabotage.isDone(Place.VALIDATING)).isTrue();
    assertThat(said).containsOnlyOnce("; repeating the ");
    disturbed.requireSameAs(undisturbed);
    assertThat(validations(disturbed)).isEqualTo(validations(undisturbed)).hasSize(EPOCHS);

    Path output = folder.resolve("evaluation");
    try (JvmProcess driver =
        cluster.submit(
            Map.of("spark.ui.enabled", "false"),
            Evaluate.class,
            "evaluate.shards=" + folder.resolve("validation"),
            "evaluate.run=" + undisturbed.folder(),
            "evaluate.output=" + output)) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
    }
    JsonNode figures = new ObjectMapper().readTree(output.resolve("metrics.json").toFile());
    Map<String, Double> last = validations(undisturbed).get(EPOCHS - 1);
    assertThat(last).containsOnlyKeys("top1", "loss", "mean_class_accuracy");
    last.forEach((name, value) -> assertThat(figures.get(name).asDouble()).isEqualTo(value));
  }

  private static String train(SmallRun run, Map<String, String> settings) throws IOException {
    String[] keys = run.keys(EPOCHS, "train.validate.shards=" + folder.resolve("validation"));
    try (JvmProcess driver = cluster.submit(settings, Train.class, keys)) {
      assertThat(driver.status()).as(driver::text).isEqualTo(Command.DONE);
      return driver.text();
    }
  }

  /** The figures of each validation, in order. */
  private static List<Map<String, Double>> validations(SmallRun run) throws IOException {
    List<Map<String, Double>> all = new ArrayList<>();
    for (String line : run.lines("metrics.jsonl")) {
      Map<String, Double> figures = new TreeMap<>();
      new ObjectMapper()
          .readTree(line)
          .fields()
          .forEachRemaining(
              field -> {
                if (field.getKey().startsWith("validation_")) {
                  figures.put(
                      field.getKey().substring("validation_".length()),
                      field.getValue().asDouble());
                }
              });
      if (!figures.isEmpty()) {
        all.add(figures);
      }
    }
    return all;
  }
}
