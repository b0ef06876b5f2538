package vivit.dataprep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import vivit.dataprep.config.ConfigPlace.LocalFile;
import vivit.dataprep.config.ConfigPlace.RemoteFile;
import vivit.dataprep.config.ConfigPlace.Resource;

/**
 * The configuration of a command: the defaults of {@code base.conf}, which holds every key,
 * overridden by one file, overridden by {@code key=value} arguments.
 *
 * <p>Keys that {@code base.conf} lacks are refused, except in a group that is empty there. Typed
 * reads through {@link Section} record problems and continue; {@link #check()} reports all of them
 * at once and must be called before any job starts.
 *
 * <p>Files may include files and class-path resources, not URLs, and refer to environment
 * variables. Values of variables are in no message and no rendered text.
 */
public final class StrictConfig {
  private static final String BASE = "conf/base.conf";
  private static final String COMMAND_LINE = "command line";
  private static final Pattern OVERRIDE =
      Pattern.compile("[A-Za-z][A-Za-z0-9._-]*=.*", Pattern.DOTALL);

  private final Config config;
  private final Config shown;
  private final Environment environment;
  private final List<String> problems;

  /** The same configuration twice: as it is, and with marks for values of the environment. */
  private StrictConfig(
      Config config, Config shown, Environment environment, List<String> problems) {
    this.config = config;
    this.shown = shown;
    this.environment = environment;
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
    return load(Environment.ofProcess(), arguments);
  }

  static StrictConfig load(Environment environment, String... arguments) {
    List<String> problems = new ArrayList<>();
    Config base = base();
    Config file = ConfigFactory.empty();
    Config overrides = ConfigFactory.empty();
    boolean fileSeen = false;
    for (String argument : arguments) {
      if (OVERRIDE.matcher(argument).matches()) {
        overrides = override(argument, problems).withFallback(overrides);
      } else if (argument.startsWith("-")) {
        problems.add(
            "command line: found option %s, which is none of this command (see --help); settings are written key=value"
                .formatted(argument));
      } else if (fileSeen) {
        problems.add(
            "command line: found %s; expected key=value after the configuration file. To use two files, begin one with include \"the other.conf\""
                .formatted(argument));
      } else {
        fileSeen = true;
        file = file(argument, problems);
      }
    }
    Config user = overrides.withFallback(file);
    try {
      // With marks first, so that what cannot be resolved is found before any value is read.
      Config shown = user.withFallback(base).resolve(environment.marks());
      unknownKeys(shown, base.resolve(), problems);
      Config all = user.withFallback(base).resolve(environment.values());
      refuseMarks(all, problems);
      if (!base.resolve().entrySet().stream().allMatch(key -> known(all, key.getKey()))) {
        throw new ConfigException(problems); // a value in place of a group: nothing reads further
      }
      return new StrictConfig(all, shown, environment, problems);
    } catch (com.typesafe.config.ConfigException unresolved) {
      problems.add(HoconText.reason(unresolved));
      throw new ConfigException(problems);
    }
  }

  /** A stored configuration that is used again lacks what came from the environment. */
  private static void refuseMarks(Config config, List<String> problems) {
    for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
      Environment.marked(String.valueOf(entry.getValue().unwrapped()))
          .ifPresent(
              variable ->
                  problems.add(
                      "%s%s: its value came from the environment variable %s and was not stored; give %s=..."
                          .formatted(
                              where(entry.getValue().origin()),
                              entry.getKey(),
                              variable,
                              entry.getKey())));
    }
  }

  /**
   * The key whose value is a path, or leads to or from it; empty if there is none.
   *
   * @param place a path with or without scheme and host, or {@code host:port} alone
   * @param words of a command line; what is neither a configuration file nor {@code key=value} is
   *     ignored
   */
  static Optional<String> keyOf(String place, String... words) {
    String[] configuration =
        Stream.of(words)
            .filter(word -> OVERRIDE.matcher(word).matches() || word.endsWith(".conf"))
            .toArray(String[]::new);
    try {
      SortedMap<String, String> values = EffectiveConfig.values(load(configuration).config);
      return values.keySet().stream()
          .filter(key -> isOnTheWay(values.get(key), place))
          .max(Comparator.comparingInt(key -> values.get(key).length()));
    } catch (ConfigException wrong) {
      return Optional.empty();
    }
  }

  private static boolean isOnTheWay(String value, String place) {
    return value.contains("//" + place + "/")
        || (value.contains("/")
            && Arguments.path(value).stream()
                .flatMap(path -> Stream.of(path.toString(), path.toUri().getPath()))
                .anyMatch(path -> isAbove(path, place) || isAbove(place, path)));
  }

  private static boolean isAbove(String folder, String path) {
    return folder.length() > 1 && (path + "/").startsWith(folder + "/");
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

  /** The effective configuration of these groups, for checkpoints. */
  public EffectiveConfig effective(String... sections) {
    String text =
        chosen(shown, sections)
            .root()
            .render(
                ConfigRenderOptions.defaults()
                    .setJson(false)
                    .setOriginComments(false)
                    .setComments(false));
    String stored = environment.withFingerprints(text);
    HoconText.of("effective configuration", stored); // or a resumed run could not read it
    return new EffectiveConfig(stored, EffectiveConfig.values(chosen(config, sections)));
  }

  private static Config chosen(Config config, String... sections) {
    SortedMap<String, ConfigValue> chosen = new TreeMap<>();
    for (String section : sections) {
      chosen.put(section, config.getValue(section));
    }
    return ConfigValueFactory.fromMap(chosen).toConfig();
  }

  /**
   * Lists every key below {@code sections} with its default and meaning, one per line, for {@code
   * --help}.
   */
  public static String help(String... sections) {
    ConfigObject base = base().root();
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

  /**
   * Records a problem with the value at {@code path}, at the file and line where it was set; a
   * value from the environment is not shown.
   */
  void problem(String path, String message) {
    ConfigOrigin origin = known(config, path) ? origin(path) : null;
    String said =
        config.hasPath(path)
            ? environment.hide(message, text(config, path), text(shown, path))
            : message;
    problems.add(where(origin) + path + ": " + said);
  }

  /** The value at {@code path} as messages may show it: without values of the environment. */
  String shown(String path) {
    return shown.getValue(path).render(ConfigRenderOptions.concise());
  }

  private static String text(Config config, String path) {
    return String.valueOf(config.getValue(path).unwrapped());
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
    ConfigOrigin origin = ConfigOriginFactory.newSimple(COMMAND_LINE);
    try {
      if (text.matches("\\s*[\\[{\"].*") || text.equals("null")) {
        HoconText hocon = HoconText.of(COMMAND_LINE, key + " = " + text);
        return hocon.parse(ConfigSyntax.CONF, Includes.none(hocon, "which belongs into a file"));
      }
      return ConfigValueFactory.fromAnyRef(text).withOrigin(origin).atPath(key);
    } catch (ConfigException broken) {
      problems.add("command line: " + argument + ": " + broken.getMessage());
    } catch (com.typesafe.config.ConfigException broken) {
      problems.add("command line: " + argument + ": " + HoconText.reason(broken));
    }
    return ConfigFactory.empty();
  }

  private static Config file(String name, List<String> problems) {
    File local = new File(name);
    try {
      Optional<Config> found =
          name.matches("[A-Za-z][A-Za-z0-9+.-]*://.*")
              ? Includes.read(new RemoteFile(new Path(name)))
              : Includes.read(new LocalFile(local, name)).or(() -> resource(name));
      if (found.isPresent()) {
        return found.get();
      }
      problems.add(
          "command line: no configuration file "
              + name
              + " (looked in "
              + local.getAbsoluteFile().getParent()
              + " and in the product); expected [file] key=value ...");
    } catch (ConfigException broken) {
      problems.addAll(broken.problems());
    } catch (IOException | IllegalArgumentException broken) {
      problems.add("cannot read " + name + ": " + broken.getMessage());
    }
    throw new ConfigException(problems);
  }

  private static Config base() {
    return resource(BASE)
        .orElseThrow(() -> new IllegalStateException("no " + BASE + " on the class path"));
  }

  private static Optional<Config> resource(String name) {
    try {
      return Includes.read(new Resource(name));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Looks at everything, defaults included: what of the user's it shows, has been resolved. */
  private static void unknownKeys(Config all, Config base, List<String> problems) {
    List<String> keys = new ArrayList<>();
    keys("", base.root(), keys);
    unknownKeys("", all.root(), base, keys, problems);
  }

  private static void unknownKeys(
      String prefix, ConfigObject group, Config base, List<String> keys, List<String> problems) {
    for (Map.Entry<String, ConfigValue> entry : group.entrySet()) {
      String path =
          prefix
              + ConfigUtil.quoteString(entry.getKey()).replaceAll("^\"([A-Za-z0-9_-]+)\"$", "$1");
      ConfigValue value = entry.getValue();
      if (!known(base, path)) {
        String hint =
            NearestKey.of(path, keys)
                .map(near -> "; did you mean %s?".formatted(firstKey(near, base)))
                .orElse("");
        problems.add(where(value.origin()) + "unknown key " + path + hint);
      } else if (isGroup(base, path)) {
        if (value.valueType() == ConfigValueType.OBJECT) {
          if (base.getConfig(path).isEmpty()) {
            continue; // the user's own keys
          }
          if (!((ConfigObject) value).keySet().containsAll(base.getObject(path).keySet())) {
            problems.add(
                where(value.origin())
                    + path
                    + ": found another value before its keys; remove that value");
          }
          unknownKeys(path + ".", (ConfigObject) value, base, keys, problems);
        } else {
          problems.add(
              where(value.origin())
                  + path
                  + ": found "
                  + value.render(ConfigRenderOptions.concise())
                  + "; expected "
                  + (base.getConfig(path).isEmpty()
                      ? "names and numbers, such as { name = 2 }"
                      : "a group of keys: "
                          + base.getConfig(path).root().keySet().stream().sorted().toList()));
        }
      }
    }
  }

  /** The first key of a group, such as a learning rate's base; a key itself. */
  private static String firstKey(String path, Config base) {
    if (!isGroup(base, path) || base.getConfig(path).isEmpty()) {
      return path;
    }
    ConfigObject group = base.getObject(path);
    return path
        + "."
        + group.keySet().stream()
            .min(Comparator.comparingInt(key -> group.get(key).origin().lineNumber()))
            .orElseThrow();
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
  static String where(ConfigOrigin origin) {
    if (origin == null) {
      return "";
    }
    String lead =
        origin
            .description()
            .replaceAll(": [0-9]+$", "")
            .replaceAll("^merge of .*", "configuration")
            .replaceAll("^atPath\\(.*", COMMAND_LINE);
    return origin.lineNumber() > 0 && !lead.equals(COMMAND_LINE)
        ? lead + ": " + origin.lineNumber() + ": "
        : lead + ": ";
  }

  /** Whether {@code --help} or {@code -h} is among the words. */
  public static boolean wantsHelp(String... arguments) {
    return Arrays.asList(arguments).contains("--help") || Arrays.asList(arguments).contains("-h");
  }
}
