package vivit.dataprep.label;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Left and right in the names of classes: the words themselves and those that begin with them, such
 * as leftwards and right-handed, in any case, also in {@code moveLeft}.
 */
public final class Directions {
  private static final Pattern WORD =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}])(?i:left|right)(?=(?i:wards?|most|handed|hand)?(?![\\p{L}\\p{N}]))"
              + "|(?<=\\p{Ll})(?:Left|Right)(?![\\p{Ll}\\p{N}])" // moveLeft
              + "|(?<![\\p{L}\\p{N}])(?:left|right|Left|Right)(?=\\p{Lu})"); // leftTurn

  private static final int MOST_NAMED = 3;

  private Directions() {}

  /** Whether a name says left or right. */
  public static boolean isIn(String name) {
    return WORD.matcher(name).find();
  }

  /** The name with left and right exchanged; the same name if it contains neither. */
  public static String exchanged(String name) {
    return WORD.matcher(name).replaceAll(Directions::exchanged);
  }

  private static String exchanged(MatchResult found) {
    String word = found.group();
    String other = word.equalsIgnoreCase("left") ? "right" : "left";
    if (word.equals(word.toUpperCase(Locale.ROOT))) {
      return other.toUpperCase(Locale.ROOT);
    }
    return Character.isUpperCase(word.charAt(0))
        ? other.substring(0, 1).toUpperCase(Locale.ROOT) + other.substring(1)
        : other;
  }

  /**
   * {@code 2 classes say left or right (move left, move right)}; empty if none does.
   *
   * @param heads whose classes are looked at
   */
  public static String summary(LabelHeads heads) {
    List<String> names = heads.classNames().stream().filter(Directions::isIn).toList();
    if (names.isEmpty()) {
      return "";
    }
    return "%d %s left or right (%s%s)"
        .formatted(
            names.size(),
            names.size() == 1 ? "class says" : "classes say",
            String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size()))),
            names.size() > MOST_NAMED ? ", ..." : "");
  }
}
