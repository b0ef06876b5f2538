package vivit.dataprep.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Converts enum constants to the words of configurations, files and messages: {@code
 * FACTORISED_ENCODER} to {@code factorised-encoder}.
 */
public final class Kebab {
  private Kebab() {}

  /** The word of a constant. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The constant of a word; empty if no constant has it. */
  public static <E extends Enum<E>> Optional<E> constant(Class<E> type, String word) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> of(constant).equals(word))
        .findFirst();
  }
}
