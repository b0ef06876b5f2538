package vivit.dataprep.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;

/**
 * A command line of places, options and configuration: {@code run video --json out.json
 * conf/tiny.conf predict.top=3}.
 *
 * @param places the words that are neither options nor configuration, in order
 * @param options by name, without the dashes
 * @param config configuration files and {@code key=value}
 */
public record Arguments(List<String> places, Map<String, String> options, List<String> config) {

  /**
   * Parses the words of a command line.
   *
   * @param known names of the options; each takes a value, after {@code =} or as the next word
   */
  public static Arguments parse(Set<String> known, String... words) {
    return parse(known, Set.of(), words);
  }

  /**
   * Parses the words of a command line.
   *
   * @param known names of the options that take a value
   * @param flags names of those that take none
   */
  public static Arguments parse(Set<String> known, Set<String> flags, String... words) {
    List<String> places = new ArrayList<>();
    Map<String, String> options = new HashMap<>();
    List<String> config = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (word.startsWith("--")) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
        String value = "";
        if (!flags.contains(word.substring(2))) {
          requireKnown(name, known, flags);
          value = equals >= 0 ? word.substring(equals + 1) : ++i < words.length ? words[i] : "";
          if (value.isEmpty() || value.startsWith("--")) {
            throw new UsageException("--" + name + " needs a value");
          }
        }
        if (options.put(name, value) != null) {
          throw new UsageException("--" + name + " is given twice");
        }
      } else if (word.endsWith(".conf")
          || word.matches("(seed|[a-z][a-z0-9_-]*(\\.[a-zA-Z0-9_-]+)+)=.*")) {
        config.add(word);
      } else {
        places.add(word);
      }
    }
    return new Arguments(List.copyOf(places), Map.copyOf(options), List.copyOf(config));
  }

  private static void requireKnown(String name, Set<String> known, Set<String> flags) {
    if (flags.contains(name)) {
      throw new UsageException("--" + name + " takes no value");
    }
    if (!known.contains(name)) {
      Set<String> all = new TreeSet<>(known);
      all.addAll(flags);
      throw new UsageException("found option --%s, expected one of %s".formatted(name, all));
    }
  }

  /** Whether an option without a value is present. */
  public boolean flag(String name) {
    return options.containsKey(name);
  }

  public Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /**
   * The file or folder that a word names.
   *
   * @throws UsageException if it cannot be the path of one
   */
  public static Path place(String word) {
    return path(word)
        .orElseThrow(
            () ->
                new UsageException(
                    "found \"%s\", expected the path of a file or folder".formatted(word)));
  }

  /** Parses the path of a file or folder; empty if the text is not a path, such as {@code a:b}. */
  static Optional<Path> path(String text) {
    try {
      return Optional.of(new Path(text));
    } catch (IllegalArgumentException noPath) {
      return Optional.empty();
    }
  }

  /** Whether the words include a configuration file, or a key of the section {@code model}. */
  public boolean describesModel() {
    return config.stream().anyMatch(word -> !word.contains("=") || word.startsWith("model."));
  }

  public StrictConfig load() {
    return StrictConfig.load(config.toArray(String[]::new));
  }
}
