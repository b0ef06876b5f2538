package vivit.dataprep.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.fixture.FuzzedReader;

/** Configurations of every syntax, settings of a command line, and stored configurations. */
class ConfigFuzzTest extends FuzzedReader {
  private static final Environment VARIABLES = new Environment(Map.of("NAME", "a value"));

  private static final String HOCON =
      """
      include "other.conf"
      # comment
      prepare { frames = 8, short-side: 96, input = ${?NAME}"/in" }
      train.learning-rate.multipliers { "a/**" = 0.5 }
      model.clip = { frames = ${prepare.frames} }
      train.freeze += "b"
      train.run = \"\"\"c\"\"\"
      prepare { frames-per-second = 12.5, time-limit = 30 s, memory-limit = 512M }
      """;

  private enum Kind {
    HOCON("fuzzed.conf"),
    JSON("fuzzed.json"),
    PROPERTIES("fuzzed.properties"),
    SETTING(""),
    STORED("");

    private final String name;

    Kind(String name) {
      this.name = name;
    }
  }

  @Override
  protected Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new TreeMap<>();
    seeds.put("variable", input(Kind.HOCON, HOCON));
    seeds.put("hocon", input(Kind.HOCON, HOCON.replace("${?NAME}", "videos")));
    seeds.put("json", input(Kind.JSON, "{\"prepare\":{\"frames\":8},\"train\":{\"freeze\":[]}}"));
    seeds.put("properties", input(Kind.PROPERTIES, "prepare.frames=8\ntrain.run = r\n"));
    seeds.put("setting", input(Kind.SETTING, "prepare.frames=8"));
    seeds.put("group", input(Kind.SETTING, "train.learning-rate.multipliers={a=0.5}"));
    seeds.put(
        "stored", input(Kind.STORED, StrictConfig.load("seed=3").effective("prepare").text()));
    return seeds;
  }

  /** To follow the comparisons of every character and key would take nearly all of the time. */
  @Override
  protected List<String> options() {
    return List.of("--trace=cov");
  }

  @Override
  protected boolean isDocumented(Exception e) {
    return e instanceof ConfigException;
  }

  @Override
  protected void read(byte[] input) throws IOException {
    Kind kind = form(Kind.class, input);
    switch (kind) {
      case HOCON, JSON, PROPERTIES -> {
        Files.writeString(folder.resolve("other.conf"), "seed = 7\n");
        Path file = Files.write(folder.resolve(kind.name), content(input));
        StrictConfig config = StrictConfig.load(VARIABLES, file.toString());
        use(config);
        show(config, content(input));
      }
      case SETTING -> {
        String setting = new String(content(input), StandardCharsets.UTF_8);
        if (setting.contains("=")) { // any other word names a file
          StrictConfig config = StrictConfig.load(VARIABLES, setting);
          use(config);
          show(config, content(input));
        }
      }
      case STORED ->
          EffectiveConfig.read(new String(content(input), StandardCharsets.UTF_8), "stored");
    }
  }

  /** Reads values of every type. */
  private static void use(StrictConfig config) {
    Section prepare = config.section("prepare");
    prepare.integer("frames", 1, 1000);
    prepare.place("input");
    prepare.choice("purpose", Purpose.class);
    Section train = config.section("train");
    train.section("learning-rate").numbers("multipliers", 0, 10);
    train.span("learning-rate.warmup");
    train.texts("freeze");
    train.optionalText("run");
    prepare.number("frames-per-second", 0, 1000);
    prepare.duration("time-limit");
    prepare.bytes("memory-limit", 1);
    prepare.texts("other-file-systems");
    prepare.flag("salvage");
    config.section("").whole("seed", 0, Long.MAX_VALUE);
    config.check();
  }

  /** Shows the configuration; fingerprints of a variable's value take too long for a search. */
  private static void show(StrictConfig config, byte[] text) {
    if (!new String(text, StandardCharsets.UTF_8).contains("NAME")) {
      EffectiveConfig effective = config.effective("prepare", "train");
      assertThat(EffectiveConfig.read(effective.text(), "effective")).isNotEmpty();
    }
  }
}
