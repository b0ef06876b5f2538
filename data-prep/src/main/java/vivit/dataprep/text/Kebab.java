package vivit.dataprep.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Constants of enums as configurations, files and messages write them: {@code FACTORISED_ENCODER}
 * as {@code factorised-encoder}.
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
