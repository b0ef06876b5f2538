package vivit.dataprep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values from environment variables: used, but neither shown nor stored. */
class EnvironmentTest {
  private static final String SECRET = "hunter\"2\"-wJalrXUtnFEMI";

  @TempDir Path folder;

  @Test
  void valuesAreUsedAndNamedInStoredText() throws Exception {
    StrictConfig config =
        load(
            Map.of("SECRET", SECRET, "EPOCHS", "7"),
            """
            train.run = "s3a://"${SECRET}"@bucket/run"
            train.freeze = [a, ${SECRET}]
            train.epochs = ${EPOCHS}
            train.batch-size = ${?ABSENT}
            """);
    config.check();

    assertThat(config.section("train").text("run")).isEqualTo("s3a://" + SECRET + "@bucket/run");
    assertThat(config.section("train").texts("freeze")).containsExactly("a", SECRET);
    assertThat(config.section("train").integer("epochs", 1, 99)).isEqualTo(7);
    assertThat(config.section("train").integer("batch-size", 1, 99)).isEqualTo(64);
    assertThat(config.effective("train").toString())
        .doesNotContain("hunter", "wJalr")
        .containsPattern("s3a://<environment variable SECRET, fingerprint [0-9a-f]{16}>@bucket/run")
        .containsPattern("epochs=\"<environment variable EPOCHS, fingerprint [0-9a-f]{16}>\"");
  }

  @Test
  void messagesShowTheVariableInsteadOfItsValue() throws Exception {
    StrictConfig config =
        load(
            Map.of("SECRET", SECRET),
            """
            train.epochs = ${SECRET}
            train.batch-size = x${SECRET}y
            seed = ${SECRET}
            """);
    config.section("train").integer("epochs", 1, 99);
    config.section("train").integer("batch-size", 1, 99);
    config.section("").problem("seed", "found %s, expected none".formatted(SECRET));

    assertThatThrownBy(config::check)
        .hasMessageNotContaining("hunter")
        .hasMessageContaining(
            "train.epochs: found \"<environment variable SECRET>\"; expected a whole number")
        .hasMessageContaining("train.batch-size: found \"x<environment variable SECRET>y\"")
        .hasMessageContaining("seed: found <environment variable SECRET>, expected none");
  }

  @Test
  void aGroupDoesNotComeFromAVariable() throws Exception {
    assertThatThrownBy(() -> load(Map.of("SECRET", SECRET), "prepare = ${SECRET}\n"))
        .hasMessageNotContaining("hunter")
        .hasMessageContaining("prepare: found \"<environment variable SECRET>\"; expected a group");
  }

  @Test
  void aGroupThatLostItsDefaultsToAnotherValueIsRefused() {
    for (String text :
        new String[] {
          "seed = ${SECRET}, prepare = ${SECRET}, prepare.input = x${SECRET}\n",
          "prepare = 3, prepare.input = x\n"
        }) {
      assertThatThrownBy(() -> load(Map.of("SECRET", SECRET), text))
          .isInstanceOf(ConfigException.class)
          .hasMessageNotContaining("hunter")
          .hasMessageContaining("prepare: found another value before its keys; remove that value");
    }
  }

  @Test
  void aVariableOverridesAKeyThatIsSetAlready() throws Exception {
    Path included = Files.writeString(folder.resolve("included.conf"), "train.epochs = 30\n");
    for (String before :
        new String[] {
          "train { epochs = 30 }\n",
          "include required(file(\"%s\"))\n".formatted(included),
          "train.epochs = 30\ntrain { epochs = ${model.clip.frames}, batch-size = 8 }\n",
        }) {
      for (String reference : new String[] {"${EP}", "${?EP}"}) {
        StrictConfig config =
            load(Map.of("EP", "2"), before + "train.epochs = " + reference + "\nsede = 1\n");

        assertThat(config.section("train").integer("epochs", 1, 99)).isEqualTo(2);
        assertThat(config.effective("train").text())
            .contains("epochs=\"<environment variable EP, fingerprint ");
        assertThatThrownBy(config::check)
            .hasMessageMatching(".*test.conf: \\d: unknown key sede; did you mean seed\\?");
      }
    }
  }

  @Test
  void anAbsentVariableLeavesTheFormerValue() throws Exception {
    StrictConfig config = load(Map.of(), "train { epochs = 31 }\ntrain.epochs = ${?EP}\n");
    config.check();

    assertThat(config.section("train").integer("epochs", 1, 99)).isEqualTo(31);
    assertThat(config.effective("train").text()).contains("epochs=31");
  }

  @Test
  void whatCannotBeResolvedIsOneLineWithItsPlace() {
    for (String text :
        new String[] {
          "seed = 1\ntrain.run = \"a \"${train}\n",
          "train.freeze = [x]\ntrain.freeze = a [${SECRET}]\n",
          "seed = 1\ntrain.run = x${ABSENT}\n",
          "seed = 1\ntrain.run = {a = ${SECRET}} x\ntrain.run = ${train.run.a} [1]\n",
        }) {
      assertThatThrownBy(() -> load(Map.of("SECRET", SECRET), text))
          .isInstanceOf(ConfigException.class)
          .message()
          .contains("test.conf: ")
          .doesNotContain("hunter", "Simple", "Config", "\n")
          .hasSizeLessThan(300);
    }
  }

  @Test
  void aShortValueIsReplacedOnlyAsAWord() throws Exception {
    StrictConfig config =
        load(Map.of("EP", "2"), "model.width = ${EP}\ntrain.run = a${EP}\nseed = ${EP}\n");
    config
        .section("model")
        .problem("width", "12 attention heads do not divide the width 2; 2.5 or 1.2 is no width");
    config.section("train").problem("run", "found a2; expected a23");

    assertThatThrownBy(config::check)
        .hasMessageContaining(
            "model.width: 12 attention heads do not divide the width <environment variable EP>; 2.5"
                + " or 1.2 is no width")
        .hasMessageContaining("train.run: found a<environment variable EP>; expected a23");
  }

  @Test
  void aLongValueIsReplacedInsideOfWordsAndMarksStay() {
    Map<String, String> marks =
        Map.of("abcdef", "<environment variable A>", "A", "<environment variable B>");

    assertThat(Environment.replace("xabcdefy, A, BAB, <environment variable A>", marks))
        .isEqualTo(
            "x<environment variable A>y, <environment variable B>, BAB, <environment variable A>");
  }

  @Test
  void aMissingVariableIsNamedWithItsLine() {
    assertThatThrownBy(() -> load(Map.of(), "seed = 1\ntrain.run = ${RUNS}/first\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("test.conf: 2: ")
        .hasMessageContaining("${RUNS}");
  }

  @Test
  void systemPropertiesAreNotSeen() {
    assertThatThrownBy(() -> load(Map.of(), "train.run = ${user.home}\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("${user.home}");
  }

  @Test
  void storedTextAgreesWithTheSameValueFromAnywhere() throws Exception {
    Map<String, String> then = Map.of("BASE", "/models/base", "FOLDER", "/models");
    String stored = effective(then, "initialise.from = ${BASE}").text();
    String inside = effective(then, "initialise.from = ${FOLDER}/base").text();
    String plain = effective(then, "initialise.from = /models/base").text();

    for (String text : new String[] {stored, inside, plain}) {
      String from = EffectiveConfig.read(text, "state").get("initialise.from");
      assertThat(effective(then, "initialise.from = ${BASE}").agrees("initialise.from", from))
          .isTrue();
      assertThat(
              effective(Map.of("BASE", "/models/base"), "initialise.from = ${?BASE}")
                  .agrees("initialise.from", from))
          .isTrue();
      assertThat(effective(then, "initialise.from = /models/base").agrees("initialise.from", from))
          .isTrue();
      assertThat(effective(then, "initialise.from = /models/bas").agrees("initialise.from", from))
          .isFalse();
      assertThat(
              effective(Map.of("BASE", "/models/other"), "initialise.from = ${BASE}")
                  .agrees("initialise.from", from))
          .isFalse();
      assertThat(effective(Map.of(), "initialise.from = ${?BASE}").agrees("initialise.from", from))
          .isFalse();
    }
  }

  @Test
  void severalVariablesInOneValueAgreeWithThemselves() throws Exception {
    Map<String, String> then = Map.of("A", "x", "B", "y");
    String text = "initialise.from = ${A}/${B}";
    String from =
        EffectiveConfig.read(effective(then, text).text(), "state").get("initialise.from");

    assertThat(effective(then, text).agrees("initialise.from", from)).isTrue();
    assertThat(effective(Map.of("A", "x", "B", "z"), text).agrees("initialise.from", from))
        .isFalse();
  }

  @Test
  void aStoredConfigurationThatLacksAValueSaysWhich() throws Exception {
    String stored = effective(Map.of("BASE", "/models/base"), "initialise.from = ${BASE}").text();

    assertThatThrownBy(() -> load(Map.of(), stored).check())
        .hasMessageMatching(
            ".*test.conf: \\d+: initialise.from: its value came from the environment variable BASE"
                + " and was not stored; give initialise.from=...");
  }

  private EffectiveConfig effective(Map<String, String> variables, String text) throws Exception {
    return load(variables, text).effective("initialise");
  }

  private StrictConfig load(Map<String, String> variables, String text) throws Exception {
    Path file = Files.writeString(folder.resolve("test.conf"), text);
    return StrictConfig.load(new Environment(variables), file.toString());
  }
}
