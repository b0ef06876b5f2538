package vivit.dataprep.video;

import java.io.IOException;
import java.util.Locale;
import vivit.dataprep.clip.BadKind;

/**
 * A video that yields no usable clip. The message is the cause in one sentence; the position, where
 * known, is a place in the file or a time.
 */
public final class UndecodableVideoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String position;
  private final BadKind kind;

  public UndecodableVideoException(String cause) {
    this(BadKind.UNDECODABLE, cause, "");
  }

  /**
   * Describes a bad video.
   *
   * @param kind of defect
   * @param cause in one sentence
   * @param position such as {@code byte 48236} or {@code 3.20 s}; empty if unknown
   */
  public UndecodableVideoException(BadKind kind, String cause, String position) {
    super(cause);
    this.kind = kind;
    this.position = position;
  }

  /** A file that is truncated at or near a byte; a negative offset means unknown. */
  static UndecodableVideoException atByte(long offset, String cause) {
    return new UndecodableVideoException(
        BadKind.TRUNCATED, cause, offset < 0 ? "" : "byte " + offset);
  }

  /** A video that is truncated at a time. */
  static UndecodableVideoException atSecond(double seconds, String cause) {
    return new UndecodableVideoException(
        BadKind.TRUNCATED, cause, String.format(Locale.ROOT, "%.2f s", seconds));
  }

  /** A file without a video in it. */
  static UndecodableVideoException noVideo(String cause) {
    return new UndecodableVideoException(BadKind.NO_VIDEO, cause, "");
  }

  /** Position of the defect, such as {@code byte 48236} or {@code 3.20 s}; empty if unknown. */
  public String position() {
    return position;
  }

  /** Kind of defect. */
  public BadKind kind() {
    return kind;
  }
}
