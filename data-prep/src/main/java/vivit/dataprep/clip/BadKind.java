package vivit.dataprep.clip;

import vivit.dataprep.text.Kebab;

/** The kinds of defects for which a video is left out of a set. */
public enum BadKind {
  /** The file does not exist. */
  MISSING,
  /** The file is not readable. */
  UNREADABLE,
  /** The file is empty or truncated. */
  TRUNCATED,
  /** The file contains no video or is not a video file. */
  NO_VIDEO,
  /** Decoding took longer than allowed. */
  TIMEOUT,
  /** The decoder crashed. */
  DIED,
  /** Decoding took more memory than allowed. */
  MEMORY,
  /** Any other error of the decoder. */
  UNDECODABLE;

  /** The word used in lists of bad videos, such as {@code no-video}. */
  public String word() {
    return Kebab.of(this);
  }

  /** Parses a word; {@link #UNDECODABLE} if this release does not know it. */
  public static BadKind of(String word) {
    for (BadKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    return UNDECODABLE;
  }
}
