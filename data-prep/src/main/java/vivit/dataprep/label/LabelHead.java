package vivit.dataprep.label;

import java.io.Serializable;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One classification of every clip and the corresponding head of the model: EPIC-Kitchens has
 * {@code noun} and {@code verb}.
 *
 * @param name lower-case letters, digits and {@code _}; prefix of the names of its columns
 * @param labelling how many classes a clip has
 * @param map its class names and ids
 */
public record LabelHead(String name, Labelling labelling, LabelMap map) implements Serializable {
  /** Name of the only head of a set if the configuration does not name it. */
  public static final String DEFAULT_NAME = "label";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Set<String> TAKEN = Set.of("clip", "video", "path", "start", "end");

  /** Refuses names that are not valid as prefix of a column name or collide with another column. */
  public LabelHead {
    requireName(name);
  }

  /**
   * Checks the name of a head.
   *
   * @throws IllegalArgumentException with the reason, if the name is invalid
   */
  static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "found head \"%s\", expected a name of lower-case letters, digits and _, such as noun"
              .formatted(name));
    }
    if (TAKEN.contains(name)) {
      throw new IllegalArgumentException(
          "found head \"%s\", which is the name of another column; choose another name"
              .formatted(name));
    }
  }

  /** Number of classes. */
  public int classes() {
    return map.size();
  }
}
