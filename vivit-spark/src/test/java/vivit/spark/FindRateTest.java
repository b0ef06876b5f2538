package vivit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivit.dataprep.config.ConfigException;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.config.StrictConfig;
import vivit.dataprep.config.UsageException;
import vivit.dataprep.fixture.TinyTrainingSet;
import vivit.spark.schedule.RateCurve;
import vivit.spark.train.TrainingSpark;

class FindRateTest {
  @TempDir Path folder;

  @Test
  void leavesATableAndAPictureAndNoRun() throws IOException {
    TinyTrainingSet.write(folder.resolve("shards"), 17);

    String said = find("train.learning-rate.base=0.1", "train.averaging.every=1");

    List<String> lines = Files.readAllLines(folder.resolve("out/rates.csv"));
    assertThat(lines.get(0)).isEqualTo("step,learning_rate,loss,smoothed_loss");
    assertThat(lines.size()).isBetween(40, 61);
    for (int step = 0; step < lines.size() - 1; step++) {
      String[] line = lines.get(step + 1).split(",", -1);
      double rate = Math.pow(10, -5 + 6 * step / 59.0); // of 60 steps, from 1e-5 to 10
      assertThat(Integer.parseInt(line[0])).isEqualTo(step);
      assertThat(Double.parseDouble(line[1])).isCloseTo(rate, within(1e-9 * rate));
    }
    // the head is zero at first
    assertThat(Double.parseDouble(lines.get(1).split(",", -1)[2]))
        .isCloseTo(Math.log(3), within(1e-6));
    assertThat(said)
        .startsWith("Suggested: train.learning-rate.base=")
        .endsWith(folder.resolve("out/rates.svg").toString());
    assertThat(Files.readString(folder.resolve("out/rates.svg"))).startsWith("<svg");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("shards", "out");
    }
  }

  /** Rates in the configuration are those of the reference batch size. */
  @Test
  void aScaledRateIsSuggestedUnscaled() throws IOException {
    TinyTrainingSet.write(folder.resolve("shards"), 17);

    find("train.learning-rate.base=0.1", "train.learning-rate.reference-batch-size=3");

    String[] first = Files.readAllLines(folder.resolve("out/rates.csv")).get(1).split(",", -1);
    assertThat(Double.parseDouble(first[1])).isCloseTo(2e-5, within(1e-15));
    RateCurve curve = new RateCurve(60);
    for (int step = 0; step < 60; step++) {
      curve.add(0.01 * (step + 1), step < 30 ? 3 - step / 15.0 : 2);
    }
    double rate = curve.suggestion().orElseThrow();
    assertThat(FindRate.text(curve, 2))
        .startsWith("Suggested: train.learning-rate.base=%.2g,".formatted(rate / 2))
        .contains("did not diverge by 0.30 after 60 steps");
  }

  @Test
  void aCurveThatDoesNotFallSuggestsNothing() {
    RateCurve curve = new RateCurve(60);
    for (int step = 0; step < 60; step++) {
      curve.add(step + 1, 2);
    }

    assertThat(FindRate.text(curve, 1))
        .startsWith("No suggestion: in 60 steps the loss did not fall at any rate");
  }

  @Test
  void refusesWhatItCannotUse() throws IOException {
    assertThat(FindRate.isMeant("--find-rate")).isTrue();
    assertThatThrownBy(() -> FindRate.read("--find-rate"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("train.shards: missing; give train.shards=...")
        .message()
        .doesNotContain("train.run");
    assertThatThrownBy(() -> FindRate.read("--find-rate", "--steps", "49"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--steps: found 49, expected a whole number from 50");
    assertThatThrownBy(() -> FindRate.read("--find-rate", "--steps", "many"))
        .isInstanceOf(UsageException.class);
    TinyTrainingSet.write(folder.resolve("shards"), 17);
    Files.writeString(Files.createDirectory(folder.resolve("out")).resolve("file"), "");
    assertThatThrownBy(() -> find())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("choose another --out or delete it");
  }

  private String find(String... keys) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.preset=null",
                "model.width=12",
                "model.attention-heads=3",
                "model.mlp-width=20",
                "model.spatial-layers=1",
                "model.temporal-layers=1",
                "model.clip.frames=4",
                "model.clip.height=8",
                "model.clip.width=8",
                "model.tubelet.height=4",
                "model.tubelet.width=4",
                "train.batch-size=6",
                "train.workers=2",
                "train.max-gradient-norm=0",
                "train.shards=" + folder.resolve("shards").toUri(),
                "train.run=" + folder.resolve("run").toUri()));
    all.addAll(List.of(keys));
    StrictConfig config = StrictConfig.load(all.toArray(String[]::new));
    return FindRate.run(
        TrainingSpark.context(), config, 60, Optional.of(folder.resolve("out").toUri().toString()));
  }
}
