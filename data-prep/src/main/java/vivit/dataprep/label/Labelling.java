package vivit.dataprep.label;

import vivit.dataprep.text.Kebab;

/** The number of classes that a clip may have per head. */
public enum Labelling {
  /** Exactly one: a softmax. */
  SINGLE_LABEL,
  /** Any number, none included: a sigmoid per class. */
  MULTI_LABEL;

  /** The word in files: {@code single-label} or {@code multi-label}. */
  public String word() {
    return Kebab.of(this);
  }

  /** Parses a word. */
  public static Labelling of(String word) {
    return Kebab.constant(Labelling.class, word)
        .orElseThrow(() -> new IllegalArgumentException("unknown labelling " + word));
  }
}
