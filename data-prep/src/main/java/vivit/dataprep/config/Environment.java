package vivit.dataprep.config;

import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The environment variables that a configuration may refer to, and the marks that stand for their
 * values wherever text is shown or stored.
 *
 * <p>A stored mark, {@code <environment variable NAME, fingerprint 0123456789abcdef>}, holds a
 * fingerprint of the value, with which a resumed run sees whether its value is still the same. The
 * fingerprint is slow to compute on purpose, and short, since the stored file may go to others.
 *
 * @param variables by name
 */
record Environment(Map<String, String> variables) {
  private static final Pattern MARK =
      Pattern.compile("<environment variable ([^<>,]+)(?:, fingerprint ([0-9a-f]{16}))?>");
  private static final int LONG = 6;
  private static final int ITERATIONS = 600_000;
  private static final int BITS = 64;

  /** The environment of this process. */
  static Environment ofProcess() {
    return new Environment(System.getenv());
  }

  /** Substitutions without a key of their name get the values of variables. */
  ConfigResolveOptions values() {
    return options((name, value) -> value);
  }

  /** The same with a mark in place of each variable's value. */
  ConfigResolveOptions marks() {
    return options((name, value) -> "<environment variable " + name + ">");
  }

  private ConfigResolveOptions options(BinaryOperator<String> text) {
    // Not the library's own access to the environment, which does not tell what came from there.
    return ConfigResolveOptions.noSystem().appendResolver(new Variables(variables, text));
  }

  private record Variables(Map<String, String> variables, BinaryOperator<String> text)
      implements ConfigResolver {
    @Override
    public ConfigValue lookup(String path) {
      String value = variables.get(path);
      return value == null
          ? null
          : ConfigValueFactory.fromAnyRef(text.apply(path, value), "environment variable " + path);
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
      return this;
    }
  }

  /** The name of the first variable for which the text has a mark. */
  static Optional<String> marked(String text) {
    Matcher mark = MARK.matcher(text);
    return mark.find() ? Optional.of(mark.group(1)) : Optional.empty();
  }

  /**
   * Replaces the values of variables in a message on a value.
   *
   * @param value of the key, as it is
   * @param shown the same with marks
   */
  String hide(String message, String value, String shown) {
    Map<String, String> marks = new HashMap<>();
    MARK.matcher(shown)
        .results()
        .forEach(mark -> marks.put(variables.getOrDefault(mark.group(1), ""), mark.group()));
    if (!marks.isEmpty()) {
      marks.put(value, shown);
    }
    return replace(message, marks);
  }

  /**
   * Replaces values by their marks: a value of at least {@link #LONG} characters wherever it
   * stands, a shorter one, such as 2, only where it is a whole word or number. Marks that the text
   * has stay as they are.
   */
  static String replace(String text, Map<String, String> marks) {
    String values =
        marks.keySet().stream()
            .filter(value -> !value.isEmpty())
            .sorted(Comparator.comparing(String::length).reversed())
            .map(value -> value.length() < LONG ? word(value) : Pattern.quote(value))
            .collect(Collectors.joining("|"));
    return values.isEmpty()
        ? text
        : Pattern.compile(MARK.pattern() + "|" + values)
            .matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(marks.getOrDefault(found.group(), found.group())));
  }

  private static String word(String value) {
    return "(?<![\\p{L}\\p{N}_-]|\\p{N}[.])%s(?![\\p{L}\\p{N}_-]|[.]\\p{N})"
        .formatted(Pattern.quote(value));
  }

  /** Adds fingerprints to the marks of a text that will be stored. */
  String withFingerprints(String text) {
    return MARK.matcher(text).replaceAll(mark -> Matcher.quoteReplacement(stored(mark)));
  }

  private String stored(MatchResult mark) {
    String name = mark.group(1);
    return "<environment variable %s, fingerprint %s>"
        .formatted(name, fingerprint(name, variables.getOrDefault(name, "")));
  }

  /** Whether a stored text with one mark stands for this value. */
  static boolean standsFor(String stored, String value) {
    Matcher mark = MARK.matcher(stored);
    if (!mark.find() || mark.group(2) == null) {
      return false;
    }
    String before = stored.substring(0, mark.start());
    String after = stored.substring(mark.end());
    return value.length() >= before.length() + after.length()
        && value.startsWith(before)
        && value.endsWith(after)
        && fingerprint(
                mark.group(1), value.substring(before.length(), value.length() - after.length()))
            .equals(mark.group(2));
  }

  private static String fingerprint(String name, String value) {
    try {
      byte[] salt = ("vivit " + name).getBytes(StandardCharsets.UTF_8);
      PBEKeySpec key = new PBEKeySpec((name + "=" + value).toCharArray(), salt, ITERATIONS, BITS);
      return HexFormat.of()
          .formatHex(
              SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                  .generateSecret(key)
                  .getEncoded());
    } catch (GeneralSecurityException missing) { // every JDK has it
      throw new IllegalStateException(missing);
    }
  }
}
