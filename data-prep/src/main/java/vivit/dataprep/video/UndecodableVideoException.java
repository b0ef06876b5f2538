package vivit.dataprep.video;

import java.io.IOException;
import java.util.Locale;
import vivit.dataprep.clip.BadKind;

/**
 * A video that yields no usable clip. The message is the cause, in one sentence; where it is known,
 * the position says where in the file or in time that is.
 */
public final class UndecodableVideoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String position;
  private final BadKind kind;

  public UndecodableVideoException(String cause) {
    this(cause, "");
  }

  /**
   * A bad video.
   *
   * @param position such as {@code byte 48236} or {@code 3.20 s}; empty if unknown
   */
  public UndecodableVideoException(String cause, String position) {
    this(BadKind.UNDECODABLE, cause, position);
  }

  /**
   * A bad video.
   *
   * @param kind what is wrong, in one word
   * @param position such as {@code byte 48236} or {@code 3.20 s}; empty if unknown
   */
  public UndecodableVideoException(BadKind kind, String cause, String position) {
    super(cause);
    this.kind = kind;
    this.position = position;
  }

  /** A file that breaks off at one of its bytes, or thereabouts. */
  static UndecodableVideoException atByte(long offset, String cause) {
    return new UndecodableVideoException(
        BadKind.TRUNCATED, cause, offset < 0 ? "" : "byte " + offset);
  }

  /** A video that breaks off at a time. */
  static UndecodableVideoException atSecond(double seconds, String cause) {
    return new UndecodableVideoException(
        BadKind.TRUNCATED, cause, String.format(Locale.ROOT, "%.2f s", seconds));
  }

  /** A file without a video in it. */
  static UndecodableVideoException noVideo(String cause) {
    return new UndecodableVideoException(BadKind.NO_VIDEO, cause, "");
  }

  /** Where the cause was found, such as {@code byte 48236} or {@code 3.20 s}; empty if unknown. */
  public String position() {
    return position;
  }

  /** What is wrong, in one word. */
  public BadKind kind() {
    return kind;
  }
}
