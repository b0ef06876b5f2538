package vivit.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.StrictConfig;
import vivit.model.engine.UpdateRule;
import vivit.spark.config.AveragingSettings.Outer;
import vivit.spark.config.AveragingSettings.States;
import vivit.spark.exchange.Packing;

class AveragingSettingsTest {
  private static TrainingSettings read(String keys) {
    String[] words =
        Arrays.stream(keys.split("; ", -1))
            .flatMap(key -> key.isEmpty() ? Stream.empty() : Stream.of("train." + key))
            .toArray(String[]::new);
    StrictConfig config = StrictConfig.load(words);
    TrainingSettings settings = Experiment.read(config).training();
    config.check();
    return settings;
  }

  @Test
  void everyStepIsTheDefault() {
    AveragingSettings averaging = read("").averaging();
    assertThat(averaging.everyStep()).isTrue();
    assertThat(averaging.outer()).isEqualTo(Outer.AVERAGE);
    assertThat(averaging.states()).isEqualTo(States.AVERAGE);
    assertThat(averaging.wire()).isEqualTo(Packing.FLOAT32);
  }

  @Test
  void rulesHaveTheirUsualConstants() {
    AveragingSettings slowmo = read("averaging.every=4; averaging.outer=slowmo").averaging();
    assertThat(slowmo.momentum()).isEqualTo(0.7);
    assertThat(slowmo.rate()).isEqualTo(1);
    AveragingSettings nesterov = read("averaging.every=4; averaging.outer=nesterov").averaging();
    assertThat(nesterov.momentum()).isEqualTo(0.9);
    assertThat(nesterov.rate()).isEqualTo(0.7);
    assertThat(read("").updates().optimiser().rule()).isEqualTo(new UpdateRule.Sgd(0.9));
    assertThat(read("optimiser=adamw; beta2=0.95").updates().optimiser().rule())
        .isEqualTo(new UpdateRule.AdamW(0.9, 0.95, 1e-8));
    assertThat(read("optimiser=lion").updates().optimiser().rule())
        .isEqualTo(new UpdateRule.Lion(0.9, 0.99));
  }

  /**
   * The quadratic rule on a cosine from 0.1 over 100 steps of 10 an epoch, after a warm-up of 10:
   * at half of the rate rounds are four times as long.
   */
  @Test
  void roundsGrowAsTheRateFalls() {
    TrainingSettings settings =
        read(
            "averaging.every=2; averaging.quadratic=0.2; epochs=10; learning-rate.warmup=10 steps");
    assertThat(settings.roundSteps(0, 10)).isEqualTo(4); // (0.2 / 0.1)^2, not of a rate of 0
    assertThat(settings.roundSteps(9, 10)).isEqualTo(4);
    assertThat(settings.roundSteps(55, 10)).isEqualTo(16); // half of the cosine: a rate of 0.05
    assertThat(settings.roundSteps(99, 10)).isGreaterThan(10_000);
    assertThat(read("averaging.every=7; averaging.quadratic=0.2").roundSteps(0, 10)).isEqualTo(7);
  }

  @Test
  void frequencyFollowsASchedule() {
    TrainingSettings settings = read("averaging.every=1 at 0 epochs, 16 at 2 epochs");
    assertThat(settings.roundSteps(0, 10)).isEqualTo(1);
    assertThat(settings.roundSteps(19, 10)).isEqualTo(1);
    assertThat(settings.roundSteps(20, 10)).isEqualTo(16);
    assertThat(settings.averaging().everyStep()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "averaging.every=2.5 | train.averaging.every: found 2.5; a round has a whole number of steps",
        "averaging.every=2; averaging.quadratic=0 | expected a number above 0 and at most 1000000",
        "averaging.every=2; averaging.wire=int8; workers=1 | train.averaging.wire: found int8, which",
        "averaging.every=0 | train.averaging.every: found 0; expected a number from 1 to 1000000",
        "averaging.every=often | train.averaging.every: cannot read \"often\" as a schedule",
        "averaging.outer=adam | expected one of average, slowmo, nesterov",
        "averaging.every=2; averaging.momentum=0.5 | outer=average has none; use slowmo or nesterov",
        "averaging.every=2; averaging.outer=slowmo; averaging.momentum=1 | a number from 0.0 to below 1",
        "averaging.outer=nesterov | with train.averaging.every=1 there is no difference between",
        "averaging.wire=int8 | found int8, but rounds of one step average gradients",
        "optimiser=adamw; averaging.wire=bfloat16 | found bfloat16, but rounds of one step average",
        "averaging.state=keep | found keep, but rounds of one step average gradients",
        "averaging.wire=int4 | expected one of float32, bfloat16, int8",
        "optimiser=adam | expected one of sgd, adamw, lion",
        "optimiser=adamw; momentum=0.9 | train.optimiser=adamw has no momentum; it has beta1, beta2",
        "optimiser=lion; epsilon=1e-8 | train.optimiser=lion has no epsilon; it has beta1, beta2",
        "beta2=0.9 | train.optimiser=sgd has no beta2; it has momentum",
        "optimiser=adamw; beta1=1 | train.beta1: found \"1\"; expected a number from 0.0 to below 1",
        "optimiser=adamw; beta2=-0.1 | train.beta2: found \"-0.1\"; expected a number from 0.0",
        "optimiser=adamw; epsilon=0 | train.epsilon: found \"0\"; expected a number above 0 and at most 1.0"
      })
  void contradictionsAreRefused(String keys, String message) {
    assertThatThrownBy(() -> read(keys))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
