package vivit.dataprep.label;

import java.io.Serializable;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One classification of every clip, and so one head of the model: EPIC-Kitchens has {@code noun}
 * and {@code verb}.
 *
 * @param name lower-case letters, digits and {@code _}; begins the names of its columns
 * @param labelling how many classes a clip has
 * @param map its class names and ids
 */
public record LabelHead(String name, Labelling labelling, LabelMap map) implements Serializable {
  /** The head of a set that has only one, where the configuration names none. */
  public static final String DEFAULT_NAME = "label";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Set<String> TAKEN = Set.of("clip", "video", "path", "start", "end");

  /** Refuses names that cannot begin a column's name, or would collide with another column. */
  public LabelHead {
    requireName(name);
  }

  /**
   * Refuses a name that no head can have.
   *
   * @throws IllegalArgumentException saying why
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
