package vivit.dataprep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import vivit.dataprep.storage.OpenFileSystem;
import vivit.dataprep.text.Kebab;
import vivit.dataprep.text.Secrets;

/**
 * Reads one group of keys as typed values. A wrong value is recorded with its file and line and
 * replaced by a valid one, so that reading continues and {@link StrictConfig#check()} reports all
 * problems at once.
 */
public final class Section {
  private static final String UNITS = "value";
  private static final String SPAN = "a number and steps or epochs, such as 2.5 epochs";

  private final StrictConfig config;
  private final String path;

  Section(StrictConfig config, String path) {
    this.config = config;
    this.path = path;
  }

  /** A nested group of keys. */
  public Section section(String key) {
    return new Section(config, path(key));
  }

  /** A required text. */
  public String text(String key) {
    return optionalText(key)
        .orElseGet(
            () -> {
              config.require(path(key));
              return "";
            });
  }

  /**
   * The path of a file or folder; empty when it is not set. Commands that need it call {@link
   * StrictConfig#require}.
   */
  public String place(String key) {
    String place = optionalText(key).orElse("");
    if (Secrets.isIn(place)) {
      problem(key, "found %s, but %s".formatted(Secrets.hidden(place), OpenFileSystem.NO_SECRETS));
    } else if (!place.isEmpty() && Arguments.path(place).isEmpty()) {
      problem(key, "found \"%s\"; expected the path of a file or folder".formatted(place));
    }
    return place;
  }

  /** A text; absent when null or empty. */
  public Optional<String> optionalText(String key) {
    return read(
            key,
            "text",
            value -> value instanceof ConfigList ? null : String.valueOf(value.unwrapped()))
        .filter(text -> !text.isEmpty());
  }

  /** A whole number between {@code min} and {@code max}, both included. */
  public int integer(String key, int min, int max) {
    return (int) whole(key, min, max);
  }

  /** A whole number between {@code min} and {@code max}, both included. */
  public long whole(String key, long min, long max) {
    String expected =
        "a whole number from "
            + min
            + (max == Long.MAX_VALUE || max == Integer.MAX_VALUE ? " up" : " to " + max);
    return read(key, expected, value -> within(value.unwrapped().toString(), min, max))
        .orElseGet(() -> missing(key, expected, Math.max(min, 0)));
  }

  /** A number between {@code min} and {@code max}, both included. */
  public double number(String key, double min, double max) {
    String expected = "a number " + range(min, max);
    return read(key, expected, value -> within(value.unwrapped().toString(), min, max))
        .orElseGet(() -> missing(key, expected, Math.max(min, 0.0)));
  }

  private static String range(double min, double max) {
    if (min == Double.MIN_NORMAL) {
      return "above 0 and at most " + max;
    }
    if (max == Math.nextDown(1.0)) {
      return "from " + min + " to below 1";
    }
    return "from " + min + (Double.isInfinite(max) ? " up" : " to " + max);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key) {
    Function<ConfigValue, Boolean> reader =
        value ->
            switch (String.valueOf(value.unwrapped())) {
              case "true", "yes", "on" -> true;
              case "false", "no", "off" -> false;
              default -> null;
            };
    return read(key, "true or false", reader).orElse(false);
  }

  /**
   * One of an enum's constants, in kebab case: {@code factorised-encoder} for {@code
   * FACTORISED_ENCODER}.
   */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    String expected =
        Arrays.stream(type.getEnumConstants()).map(Kebab::of).collect(Collectors.joining(", "));
    Function<ConfigValue, E> reader =
        value -> Kebab.constant(type, String.valueOf(value.unwrapped())).orElse(null);
    return read(key, "one of " + expected, reader).orElse(type.getEnumConstants()[0]);
  }

  /** A list of texts. */
  public List<String> texts(String key) {
    Function<ConfigValue, List<String>> reader =
        value ->
            value instanceof ConfigList list
                ? list.stream().map(item -> String.valueOf(item.unwrapped())).toList()
                : null;
    return read(key, "a list, such as [\"a\", \"b\"]", reader).orElse(List.of());
  }

  /**
   * A group whose keys the user chooses, sorted by key, each with a number between {@code min} and
   * {@code max}, both included. Such a group is empty in {@code base.conf}.
   */
  public SortedMap<String, Double> numbers(String key, double min, double max) {
    SortedMap<String, Double> numbers = new TreeMap<>();
    if (config.value(path(key)).orElse(null) instanceof ConfigObject group) {
      group
          .keySet()
          .forEach(
              name ->
                  numbers.put(name, section(key).number(ConfigUtil.quoteString(name), min, max)));
    }
    return numbers;
  }

  /** A whole number between {@code min} and {@code max}; absent when null or empty. */
  public OptionalInt optionalInteger(String key, int min, int max) {
    return optionalText(key).isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(integer(key, min, max));
  }

  /** A number of bytes with its unit, such as {@code 512 MiB}; at least {@code min}. */
  public long bytes(String key, long min) {
    String expected = "a number of bytes with a unit, such as 512 MiB, at least " + min + " B";
    return read(
            key,
            expected,
            value -> {
              long bytes = parsed(value, config -> config.getMemorySize(UNITS).toBytes());
              return bytes >= min ? bytes : null;
            })
        .orElseGet(() -> missing(key, expected, min));
  }

  /** A time with its unit, such as {@code 2 minutes}; greater than 0. */
  public Duration duration(String key) {
    String expected = "a time with a unit, such as 90 s or 2 minutes, longer than 0";
    return read(
            key,
            expected,
            value -> {
              Duration duration = parsed(value, config -> config.getDuration(UNITS));
              return duration.isNegative() || duration.isZero() ? null : duration;
            })
        .orElseGet(() -> missing(key, expected, Duration.ofSeconds(1)));
  }

  /** A length of training with its unit: {@code 2.5 epochs}, {@code 1000 steps}. */
  public Span span(String key) {
    if (optionalText(key).isEmpty()) {
      problem(key, "missing; expected " + SPAN);
    }
    return optionalSpan(key).orElse(new Span(1, Span.Unit.STEPS));
  }

  /** A length of training; absent when null or empty. */
  public Optional<Span> optionalSpan(String key) {
    if (optionalText(key).isEmpty()) {
      return Optional.empty();
    }
    return read(key, SPAN, value -> Span.parse(String.valueOf(value.unwrapped())).orElse(null));
  }

  /**
   * Records that the value of {@code key} is wrong or contradicts another.
   *
   * @param message what was found, what was expected, and what to do
   */
  public void problem(String key, String message) {
    config.problem(path(key), message);
  }

  /** The full path of {@code key}, for messages. */
  public String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private <T> Optional<T> read(String key, String expected, Function<ConfigValue, T> reader) {
    Optional<ConfigValue> value = config.value(path(key));
    if (value.isEmpty()) {
      return Optional.empty();
    }
    T read = null;
    if (value.get().valueType() != ConfigValueType.OBJECT) {
      try {
        read = reader.apply(value.get());
      } catch (NumberFormatException notANumber) {
        read = null;
      }
    }
    if (read == null) {
      problem(key, "found " + config.shown(path(key)) + "; expected " + expected);
    }
    return Optional.ofNullable(read);
  }

  /**
   * Parses a value with a unit as the configuration library does; numbers without a unit are
   * refused.
   */
  private static <T> T parsed(ConfigValue value, Function<Config, T> reader) {
    if (!String.valueOf(value.unwrapped()).matches(".*[A-Za-z]\\s*")) {
      throw new NumberFormatException("without a unit");
    }
    try {
      return reader.apply(value.atKey(UNITS));
    } catch (com.typesafe.config.ConfigException e) {
      throw (NumberFormatException) new NumberFormatException(e.getMessage()).initCause(e);
    }
  }

  private <N> N missing(String key, String expected, N harmless) {
    if (config.value(path(key)).isEmpty()) {
      problem(key, "missing; expected " + expected);
    }
    return harmless;
  }

  private static Long within(String text, long min, long max) {
    long number = Long.parseLong(text);
    return number >= min && number <= max ? Long.valueOf(number) : null;
  }

  private static Double within(String text, double min, double max) {
    double number = Double.parseDouble(text);
    return number >= min && number <= max ? Double.valueOf(number) : null;
  }
}
