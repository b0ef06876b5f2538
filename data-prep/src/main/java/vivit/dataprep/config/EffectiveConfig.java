package vivit.dataprep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration that a run has, after all defaults, files, arguments and variables.
 *
 * @param text HOCON to store and to show, keys sorted; the values of environment variables are not
 *     in it, but marks that name the variable
 * @param values by key, as they are; for comparison only
 */
public record EffectiveConfig(String text, SortedMap<String, String> values) {
  private static final String FOREIGN =
      ": this one was not written by this program; do not use the folder unless you trust its origin";

  public EffectiveConfig {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** What differs from the defaults of the same sections, a line {@code key = value} each. */
  public String changes(EffectiveConfig defaults) {
    StringBuilder lines = new StringBuilder();
    SortedMap<String, String> shown = shown();
    values.forEach(
        (key, value) -> {
          if (!value.equals(defaults.values.get(key))) {
            lines.append("  ").append(key).append(" = ").append(shown.get(key)).append('\n');
          }
        });
    defaults.values.forEach(
        (key, value) -> {
          if (!values.containsKey(key)) {
            lines.append("  ").append(key).append(" = null\n");
          }
        });
    return lines.toString();
  }

  /**
   * Reads the values of a text that a run stored, and that may have come from a stranger: it may
   * include nothing and refer to nothing, neither to keys nor to the environment.
   *
   * @param place file of the text, for messages
   * @throws ConfigException if it does, or is too long, too deeply nested or not HOCON
   */
  public static SortedMap<String, String> read(String stored, String place) {
    HoconText text = HoconText.of(place, stored);
    text.references().stream()
        .findFirst()
        .ifPresent(
            line -> {
              throw new ConfigException(
                  List.of(
                      "%s: %d: found a reference to another key or a variable, but a stored configuration has values alone%s"
                          .formatted(place, line, FOREIGN)));
            });
    try {
      return values(
          text.parse(
              ConfigSyntax.CONF,
              Includes.none(text, "but a stored configuration includes nothing" + FOREIGN)));
    } catch (com.typesafe.config.ConfigException wrong) {
      throw new ConfigException(List.of(place + ": " + HoconText.reason(wrong)));
    }
  }

  static SortedMap<String, String> values(Config config) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
      values.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
    }
    return values;
  }

  /** The values by key, with marks in place of those of environment variables. */
  public SortedMap<String, String> shown() {
    return read(text, "configuration");
  }

  /** Whether a stored value, which may be a mark, stands for the value of this key. */
  public boolean agrees(String key, String stored) {
    String value = values.getOrDefault(key, "not set");
    return stored.equals(value)
        || stored.equals(shown().get(key))
        || Environment.standsFor(stored, value)
        || sameNumber(stored, value);
  }

  private static boolean sameNumber(String a, String b) {
    try {
      return Double.compare(Double.parseDouble(a), Double.parseDouble(b)) == 0;
    } catch (NumberFormatException words) {
      return false;
    }
  }

  /**
   * Replaces the values of these keys in a text that will be stored, if they come from environment
   * variables; a value of fewer than 6 characters only where it is a whole word.
   */
  public String hide(String text, String... keys) {
    SortedMap<String, String> shown = shown();
    Map<String, String> marks = new TreeMap<>();
    for (String key : keys) {
      String mark = shown.getOrDefault(key, "");
      if (variable(mark).isPresent()) {
        marks.put(values.get(key), mark);
      }
    }
    return Environment.replace(text, marks);
  }

  /** The environment variable that a value is marked to come from. */
  public static Optional<String> variable(String value) {
    return Environment.marked(value);
  }

  /** Only what may be shown. */
  @Override
  public String toString() {
    return text;
  }
}
