package vivit.bench.smalldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.config.StrictConfig;
import vivit.spark.config.Experiment;
import vivit.spark.config.TrainingSettings;

class RoundBytesTest {
  private static final long PARAMETERS = 1000;

  private static TrainingSettings training(String keys) {
    List<String> words = new ArrayList<>();
    for (String key : keys.split(" ", -1)) {
      words.add("train." + key);
    }
    StrictConfig config = StrictConfig.load(words.toArray(String[]::new));
    TrainingSettings training = Experiment.read(config).training();
    config.check();
    return training;
  }

  private static RoundBytes bytes(int workers, String keys) {
    return RoundBytes.of(PARAMETERS, workers, training(keys));
  }

  /** The formulas of docs/benchmarks.md. */
  @ParameterizedTest
  @CsvSource({"1, 0, 0", "2, 6, 8", "4, 7, 12", "8, 7.5, 14"})
  void momentumTravelsWithTheParametersInRoundsOfSeveralSteps(
      int workers, double gradients, double vectors) {
    RoundBytes bytes = bytes(workers, "optimiser=sgd averaging.every=4");

    assertThat(bytes.gradients()).isEqualTo(PARAMETERS * gradients);
    assertThat(bytes.vectors()).isEqualTo(PARAMETERS * vectors);
  }

  /**
   * By hand, bytes a parameter: of four workers each gets three quarters of what it starts from, as
   * much of contributions, and a quarter of every vector that it keeps for another.
   */
  @ParameterizedTest
  @CsvSource({
    "optimiser=adamw averaging.every=4, 18", // (3 + 3) x 4 x 3/4
    "optimiser=adamw averaging.every=4 averaging.state=keep, 6", // (1 + 1) x 4 x 3/4
    "optimiser=adamw averaging.every=4 averaging.state=reset, 6",
    "optimiser=sgd averaging.every=4 averaging.outer=slowmo, 13", // 12 + 4/4
    "optimiser=sgd averaging.every=4 ema-decay=0.9, 13",
    "optimiser=adamw averaging.every=4 averaging.state=keep averaging.wire=bfloat16, 4.5",
    // (4 + 1 + 4/256) x 3/4, and a quarter of the outer momentum
    "optimiser=adamw averaging.every=4 averaging.state=keep averaging.wire=int8"
        + " averaging.outer=nesterov, 4.76171875"
  })
  void statesAndWiresTravelAsTheySay(String keys, double perParameter) {
    assertThat(bytes(4, keys).vectors()).isCloseTo(PARAMETERS * perParameter, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"sgd, 7", "adamw, 8"}) // 8 x 3/4, and a quarter of every state
  void gradientsTravelAloneAndStatesAreCopied(String optimiser, double perParameter) {
    assertThat(bytes(4, "optimiser=" + optimiser).gradients()).isEqualTo(PARAMETERS * perParameter);
  }

  /**
   * Post-local SGD: four rounds of one step in the first epoch, then rounds of two. With two
   * workers a parameter costs 6 bytes for a step alone and 8 for two steps together.
   */
  @ParameterizedTest
  @CsvSource({"1 2 3 4 6 8, 5", "1 2 3 4, 6"})
  void aStepCostsTheMeanOfItsRounds(String ends, double perParameter) throws Exception {
    String every = "1 at 0 epochs, 2 at 1 epochs";
    StrictConfig config =
        StrictConfig.load(
            "train.averaging.every=" + every,
            "train.epochs=2",
            "train.learning-rate.warmup=1 step");
    TrainingSettings training = Experiment.read(config).training();
    config.check();
    List<String> rounds =
        Arrays.stream(ends.split(" ", -1)).map("{\"step\": %s}"::formatted).toList();

    double bytes =
        ExperimentRun.bytesPerStep(RoundBytes.of(PARAMETERS, 2, training), rounds, training, 4);

    assertThat(bytes).isEqualTo(PARAMETERS * perParameter);
  }
}
