package vivit.dataprep.clip;

import vivit.dataprep.text.Kebab;

/** What is wrong with a video that is not in a set, in one word: for counting. */
public enum BadKind {
  /** There is no such file. */
  MISSING,
  /** The file may not be read. */
  UNREADABLE,
  /** The file is empty or breaks off. */
  TRUNCATED,
  /** The file holds no video, or is no video file. */
  NO_VIDEO,
  /** Decoding took longer than allowed. */
  TIMEOUT,
  /** The decoder crashed. */
  DIED,
  /** Decoding took more memory than allowed. */
  MEMORY,
  /** Anything else that the decoder complained about. */
  UNDECODABLE;

  /** As written in lists of such videos, such as {@code no-video}. */
  public String word() {
    return Kebab.of(this);
  }

  /** The kind of a word; {@link #UNDECODABLE} for one that this release does not know. */
  public static BadKind of(String word) {
    for (BadKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    return UNDECODABLE;
  }
}
