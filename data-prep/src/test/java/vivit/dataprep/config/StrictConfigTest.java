package vivit.dataprep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictConfigTest {
  @TempDir Path folder;

  @Test
  void argumentsWinOverFileAndFileOverDefaults() throws Exception {
    Path file = file("prepare.short-side = 96\nprepare.frames = 8\n");

    StrictConfig config =
        StrictConfig.load(file.toString(), "prepare.frames=4", "prepare.input=hdfs://name:9000/in");
    Section prepare = config.section("prepare");

    assertThat(prepare.integer("short-side", 1, 1000)).isEqualTo(96);
    assertThat(prepare.integer("frames", 1, 1000)).isEqualTo(4);
    assertThat(prepare.text("input")).isEqualTo("hdfs://name:9000/in");
    config.check();
  }

  @Test
  void reportsEveryProblemAtOnceWithFileLineAndSuggestion() throws Exception {
    Path file = file("# comment\nprepare {\n  frmes = 8\n  short-side = wide\n}\n");

    StrictConfig config = StrictConfig.load(file.toString(), "sede=3", "prepare.stride=0");
    config.section("prepare").integer("short-side", 1, 1000);
    config.section("prepare").integer("stride", 1, 100);
    ConfigException all = catchThrowableOfType(config::check, ConfigException.class);

    assertThat(all.problems())
        .containsExactlyInAnyOrder(
            file + ": 3: unknown key prepare.frmes; did you mean prepare.frames?",
            "command line: unknown key sede; did you mean seed?",
            file
                + ": 4: prepare.short-side: found \"wide\"; expected a whole number from 1 to 1000",
            "command line: prepare.stride: found \"0\"; expected a whole number from 1 to 100");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.learning_rate.base=0.1 | train.learning_rate; did you mean train.learning-rate.base?",
        "train.lr=0.1                 | train.lr; did you mean train.learning-rate.base?",
        "train.wd=0.1                 | train.wd; did you mean train.weight-decay?",
        "train.batch_size=8           | train.batch_size; did you mean train.batch-size?",
        "train.batchSize=8            | train.batchSize; did you mean train.batch-size?"
      })
  void keysAsOthersWriteThemAreRecognised(String argument, String expected) {
    assertThatThrownBy(() -> StrictConfig.load(argument).check())
        .hasMessageEndingWith("command line: unknown key " + expected);
  }

  @Test
  void anOptionAndASecondFileAreCalledWhatTheyAre() throws Exception {
    String file = file("seed = 7\n").toString();

    assertThatThrownBy(() -> StrictConfig.load("--gpus", "seed=1").check())
        .hasMessageContaining("found option --gpus, which is none of this command (see --help)");
    assertThatThrownBy(() -> StrictConfig.load(file, file).check())
        .hasMessageContaining("begin one with include \"the other.conf\"");
  }

  @Test
  void namesTheBracketThatLacksItsOtherHalf() throws Exception {
    Path open = file("seed = 1\ntrain {\n  epochs = 3\n  learning-rate { base = 1\n}\n");
    assertThatThrownBy(() -> StrictConfig.load(open.toString()))
        .hasMessage(open + ": 2: the { that opens here is never closed; add }");

    Path stray = file("# }\nseed = \"}\"\n}\n");
    assertThatThrownBy(() -> StrictConfig.load(stray.toString()))
        .hasMessage(stray + ": 3: found }, but nothing is open here; remove it");

    Path crossed = file("train {\n  freeze = [\"a\"\n}\n");
    assertThatThrownBy(() -> StrictConfig.load(crossed.toString()))
        .hasMessage(
            crossed + ": 3: found }, but the [ of line 2 is still open; close it with ] first");
  }

  @Test
  void showsWhatDiffersFromTheDefaults() {
    StrictConfig config =
        StrictConfig.load("seed=3", "model.width=64", "model.preset=null", "train.epochs=30");

    String[] sections = {"seed", "model", "train"};
    EffectiveConfig defaults = StrictConfig.load().effective(sections);
    assertThat(config.effective(sections).changes(defaults))
        .isEqualTo("  model.width = 64\n  seed = 3\n  model.preset = null\n");
  }

  @Test
  void includesOfAFileGivenByItsBareName() throws Exception {
    Path included = Files.createTempFile(Path.of(""), "included", ".conf");
    Path including = Files.createTempFile(Path.of(""), "including", ".conf");
    try {
      Files.writeString(included, "seed = 7\n");
      Files.writeString(including, "include \"" + included + "\"\nsede = 3\n");

      StrictConfig config = StrictConfig.load(including.toString());
      ConfigException wrong = catchThrowableOfType(config::check, ConfigException.class);

      assertThat(config.section("").integer("seed", 0, 9)).isEqualTo(7);
      assertThat(wrong).hasMessage(including + ": 2: unknown key sede; did you mean seed?");
    } finally {
      Files.delete(including);
      Files.delete(included);
    }
  }

  @Test
  void aPlaceIsMissedByThoseThatRequireIt() {
    StrictConfig config = StrictConfig.load("train.shards=s");

    assertThat(config.section("train").place("shards")).isEqualTo("s");
    assertThat(config.section("train").place("run")).isEmpty();
    config.check();
    config.require("train.shards", "train.run");
    assertThatThrownBy(config::check)
        .hasMessageEndingWith("train.run: missing; give train.run=...")
        .hasMessageNotContaining("train.shards");
  }

  @Test
  void aDefaultMayFollowAnotherKey() {
    Section prepare = StrictConfig.load("model.clip.frames=12").section("prepare");

    assertThat(prepare.integer("frames", 1, 100)).isEqualTo(12);
  }

  @Test
  void refusesAValueWhereAGroupBelongs() throws Exception {
    Path file = file("prepare = 3\n");

    assertThatThrownBy(() -> StrictConfig.load(file.toString()).check())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file + ": 1: prepare: found 3; expected a group of keys");
  }

  @Test
  void namesTheMissingFile() {
    assertThatThrownBy(() -> StrictConfig.load("no-such.conf"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no configuration file no-such.conf");
  }

  @Test
  void aGroupThatIsEmptyByDefaultTakesAnyKeys() throws Exception {
    Path file = file("train.learning-rate.multipliers { \"a/**\" = 0.5, b.c = x }\n");

    StrictConfig config = StrictConfig.load(file.toString());
    Section rate = config.section("train.learning-rate");

    assertThat(rate.numbers("multipliers", 0, 10)).containsEntry("a/**", 0.5);
    assertThatThrownBy(config::check)
        .hasMessageContaining(
            "test.conf: 1: train.learning-rate.multipliers.\"b\": found {\"c\":\"x\"}; expected a number");
  }

  @Test
  void readsSpansWithTheirUnit() {
    assertThat(Span.parse("2.5 epochs")).contains(new Span(2.5, Span.Unit.EPOCHS));
    assertThat(Span.parse("1000 steps")).contains(new Span(1000, Span.Unit.STEPS));
    assertThat(Span.parse("1000")).isEmpty();
    assertThat(new Span(2.5, Span.Unit.EPOCHS).steps(5675)).isEqualTo(14187.5);
  }

  @Test
  void theEffectiveConfigurationReadsBackTheSame() throws Exception {
    String effective = StrictConfig.load("prepare.frames=4").effective("prepare", "seed").text();

    StrictConfig again = StrictConfig.load(file(effective).toString());

    assertThat(again.section("prepare").integer("frames", 1, 100)).isEqualTo(4);
    assertThat(again.effective("prepare", "seed").text()).isEqualTo(effective);
  }

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("test.conf"), text);
  }
}
