package vivit.dataprep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.Parse;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The configuration of a command: the defaults of {@code base.conf}, which holds every key,
 * overridden by one file, overridden by {@code key=value} arguments.
 *
 * <p>Keys that {@code base.conf} lacks are refused, except in a group that is empty there. Typed
 * reads through {@link Section} record problems and continue; {@link #check()} reports all of them
 * at once and must be called before any job starts.
 */
public final class StrictConfig {
  private static final String BASE = "conf/base.conf";
  private static final Pattern OVERRIDE =
      Pattern.compile("[A-Za-z][A-Za-z0-9.-]*=.*", Pattern.DOTALL);

  private final Config config;
  private final List<String> problems;

  private StrictConfig(Config config, List<String> problems) {
    this.config = config;
    this.problems = problems;
  }

  /**
   * Reads {@code [file] key=value ...}. The file is looked up on the local disk (or in the file
   * system of its scheme, such as {@code hdfs://}), then among the configurations packaged with the
   * product.
   *
   * @throws ConfigException if the file is missing or not HOCON, or a word is neither file nor
   *     {@code key=value}
   */
  public static StrictConfig load(String... arguments) {
    List<String> problems = new ArrayList<>();
    Config base =
        resource(BASE)
            .orElseThrow(() -> new IllegalStateException("no " + BASE + " on the class path"));
    Config file = ConfigFactory.empty();
    Config overrides = ConfigFactory.empty();
    boolean fileSeen = false;
    for (String argument : arguments) {
      if (OVERRIDE.matcher(argument).matches()) {
        overrides = override(argument, problems).withFallback(overrides);
      } else if (fileSeen) {
        problems.add(
            "command line: found "
                + argument
                + "; expected key=value after the configuration file");
      } else {
        fileSeen = true;
        file = file(argument, problems);
      }
    }
    Config user = overrides.withFallback(file);
    unknownKeys(user, base.resolve(), problems);
    Config all = user.withFallback(base);
    try {
      all = all.resolve();
    } catch (com.typesafe.config.ConfigException unresolved) {
      problems.add(unresolved.getMessage());
      throw new ConfigException(problems);
    }
    return new StrictConfig(all, problems);
  }

  /** Parses the output of {@link #render(String...)}, which checkpoints hold. */
  public static StrictConfig parse(String rendered, String description) {
    Config base = resource(BASE).orElseThrow();
    Config config = ConfigFactory.parseString(rendered, described(description));
    List<String> problems = new ArrayList<>();
    unknownKeys(config, base.resolve(), problems);
    return new StrictConfig(config.withFallback(base).resolve(), problems);
  }

  /** The group of keys below {@code path}, such as {@code train}; the empty path is the root. */
  public Section section(String path) {
    return new Section(this, path);
  }

  /**
   * Records a problem for each of these keys that is not set: files and folders, such as {@code
   * train.run}, that a command needs.
   */
  public void require(String... keys) {
    Section root = section("");
    for (String key : keys) {
      if (root.optionalText(key).isEmpty()) {
        problem(key, "missing; give " + key + "=...");
      }
    }
  }

  /** Throws if a value read so far was wrong or a key is unknown. */
  public void check() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems.stream().distinct().toList());
    }
  }

  /**
   * Renders the effective configuration of these groups as HOCON, keys sorted, without comments,
   * for checkpoints.
   */
  public String render(String... sections) {
    SortedMap<String, ConfigValue> chosen = new TreeMap<>();
    for (String section : sections) {
      chosen.put(section, config.getValue(section));
    }
    return ConfigValueFactory.fromMap(chosen)
        .render(
            ConfigRenderOptions.defaults()
                .setJson(false)
                .setOriginComments(false)
                .setComments(false));
  }

  /**
   * Lists every key below {@code sections} with its default and meaning, one per line, for {@code
   * --help}.
   */
  public static String help(String... sections) {
    ConfigObject base = resource(BASE).orElseThrow().root();
    StringBuilder text = new StringBuilder();
    for (String section : sections) {
      help(section, base.get(section), text);
    }
    return text.toString();
  }

  private static void help(String path, ConfigValue value, StringBuilder text) {
    if (value instanceof ConfigObject group && !group.isEmpty()) {
      List<String> keys = new ArrayList<>(group.keySet());
      keys.sort(
          (a, b) ->
              Integer.compare(
                  group.get(a).origin().lineNumber(), group.get(b).origin().lineNumber()));
      for (String key : keys) {
        help(path + "." + key, group.get(key), text);
      }
      return;
    }
    String meaning = String.join(" ", value.origin().comments()).strip().replaceAll("\\s+", " ");
    text.append(
        String.format(
            "  %-44s %-22s %s%n", path, value.render(ConfigRenderOptions.concise()), meaning));
  }

  Optional<ConfigValue> value(String path) {
    if (!known(config, path)) {
      throw new IllegalArgumentException("key " + path + " is not in " + BASE);
    }
    return config.hasPath(path) ? Optional.of(config.getValue(path)) : Optional.empty();
  }

  /** Records a problem with the value at {@code path}, at the file and line where it was set. */
  void problem(String path, String message) {
    ConfigOrigin origin = known(config, path) ? origin(path) : null;
    problems.add(where(origin) + path + ": " + message);
  }

  private ConfigOrigin origin(String path) {
    ConfigValue value = config.root();
    for (String part : ConfigUtil.splitPath(path)) {
      value = ((ConfigObject) value).get(part);
    }
    return value.origin();
  }

  private static boolean known(Config config, String path) {
    return config.hasPathOrNull(path);
  }

  private static Config override(String argument, List<String> problems) {
    int equals = argument.indexOf('=');
    String key = argument.substring(0, equals);
    String text = argument.substring(equals + 1);
    ConfigOrigin origin = ConfigOriginFactory.newSimple("command line");
    try {
      if (text.matches("\\s*[\\[{\"].*") || text.equals("null")) {
        return ConfigFactory.parseString(key + " = " + text, described("command line"));
      }
      return ConfigValueFactory.fromAnyRef(text).withOrigin(origin).atPath(key);
    } catch (com.typesafe.config.ConfigException broken) {
      problems.add("command line: " + argument + ": " + broken.getMessage());
      return ConfigFactory.empty();
    }
  }

  private static Config file(String name, List<String> problems) {
    try {
      if (name.matches("[A-Za-z][A-Za-z0-9+.-]*://.*")) {
        Path path = new Path(name);
        try (Reader reader =
            new InputStreamReader(
                path.getFileSystem(new Configuration()).open(path), StandardCharsets.UTF_8)) {
          return ConfigFactory.parseReader(reader, described(name));
        }
      }
      File local = new File(name);
      if (local.isFile()) {
        // Absolute, since files included by a bare name are looked for in the parent folder.
        return ConfigFactory.parseFile(
            local.getAbsoluteFile(), described(name).setAllowMissing(false));
      }
      Optional<Config> packed = resource(name);
      if (packed.isPresent()) {
        return packed.get();
      }
      problems.add(
          "command line: no configuration file "
              + name
              + " (looked in "
              + local.getAbsoluteFile().getParent()
              + " and in the product); expected [file] key=value ...");
    } catch (Parse broken) {
      problems.add(broken.getMessage());
    } catch (IOException | com.typesafe.config.ConfigException broken) {
      problems.add("cannot read " + name + ": " + broken.getMessage());
    }
    throw new ConfigException(problems);
  }

  private static Optional<Config> resource(String name) {
    ClassLoader loader = StrictConfig.class.getClassLoader();
    if (loader.getResource(name) == null) {
      return Optional.empty();
    }
    return Optional.of(
        ConfigFactory.parseResources(
            loader, name, ConfigParseOptions.defaults().setAllowMissing(false)));
  }

  private static ConfigParseOptions described(String origin) {
    return ConfigParseOptions.defaults().setOriginDescription(origin);
  }

  private static void unknownKeys(Config user, Config base, List<String> problems) {
    List<String> keys = new ArrayList<>();
    keys("", base.root(), keys);
    unknownKeys("", user.root(), base, keys, problems);
  }

  private static void unknownKeys(
      String prefix, ConfigObject user, Config base, List<String> keys, List<String> problems) {
    for (Map.Entry<String, ConfigValue> entry : user.entrySet()) {
      String path =
          prefix + ConfigUtil.quoteString(entry.getKey()).replaceAll("^\"([A-Za-z0-9-]+)\"$", "$1");
      ConfigValue value = entry.getValue();
      if (!known(base, path)) {
        String hint =
            NearestKey.of(path, keys).map(near -> "; did you mean " + near + "?").orElse("");
        problems.add(where(value.origin()) + "unknown key " + path + hint);
      } else if (isGroup(base, path)) {
        if (value.valueType() == ConfigValueType.OBJECT) {
          if (base.getConfig(path).isEmpty()) {
            continue; // the user's own keys
          }
          unknownKeys(path + ".", (ConfigObject) value, base, keys, problems);
        } else {
          problems.add(
              where(value.origin())
                  + path
                  + ": found "
                  + value.render(ConfigRenderOptions.concise())
                  + "; expected a group of keys: "
                  + base.getConfig(path).root().keySet().stream().sorted().toList());
        }
      }
    }
  }

  private static boolean isGroup(Config base, String path) {
    return base.hasPath(path) && base.getValue(path).valueType() == ConfigValueType.OBJECT;
  }

  private static void keys(String prefix, ConfigObject group, List<String> into) {
    group.forEach(
        (key, value) -> {
          into.add(prefix + key);
          if (value instanceof ConfigObject nested) {
            keys(prefix + key + ".", nested, into);
          }
        });
  }

  /** Formats the place of a value: {@code conf/tiny.conf: 14: } or {@code command line: }. */
  private static String where(ConfigOrigin origin) {
    if (origin == null) {
      return "";
    }
    String name = origin.filename() != null ? relative(origin.filename()) : origin.description();
    if (origin.resource() != null) {
      name = origin.resource();
    }
    String lead = name.replaceAll(": [0-9]+$", "").replaceAll("^merge of .*", "configuration");
    return origin.lineNumber() > 0 ? lead + ": " + origin.lineNumber() + ": " : lead + ": ";
  }

  private static String relative(String file) {
    String here = System.getProperty("user.dir") + File.separator;
    return file.startsWith(here) ? file.substring(here.length()) : file;
  }

  /** Whether {@code --help} or {@code -h} is among the words. */
  public static boolean wantsHelp(String... arguments) {
    return Arrays.asList(arguments).contains("--help") || Arrays.asList(arguments).contains("-h");
  }
}
