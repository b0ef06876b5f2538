package vivit.dataprep.label;

import java.util.Locale;
import vivit.dataprep.text.Kebab;

/** How many classes of a head one clip has. */
public enum Labelling {
  /** Exactly one: a softmax. */
  SINGLE_LABEL,
  /** Any number, none included: a sigmoid per class. */
  MULTI_LABEL;

  /** As it is written in files: {@code single-label} or {@code multi-label}. */
  public String word() {
    return Kebab.of(this);
  }

  /** The labelling of a word. */
  public static Labelling of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
