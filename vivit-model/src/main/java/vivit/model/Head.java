package vivit.model;

import java.util.regex.Pattern;

/**
 * One classifier on the clip representation. Kinetics has one, EPIC-Kitchens two ({@code noun} and
 * {@code verb}, noun first).
 *
 * @param name lower-case letters, digits, {@code -} and {@code _}; also the graph vertex's name
 * @param classes at least 2
 * @param loss meaning of its logits
 */
public record Head(String name, int classes, Loss loss) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

  /** Creates a softmax head. */
  public Head(String name, int classes) {
    this(name, classes, Loss.SOFTMAX);
  }

  /** Refuses names that cannot be part of a tensor name, and fewer than two classes. */
  public Head {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Head name '%s' must match %s".formatted(name, NAME.pattern()));
    }
    if (classes < 2) {
      throw new IllegalArgumentException(
          "Head '%s' has %d classes; a classifier needs at least 2".formatted(name, classes));
    }
  }

  /** Meaning of a head's logits. */
  public enum Loss {
    /** One class per clip: softmax cross-entropy. */
    SOFTMAX,
    /** Any number of classes per clip: sigmoid cross-entropy, summed over the classes. */
    SIGMOID
  }
}
