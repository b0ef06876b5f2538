package vivit.dataprep.video;

import java.io.IOException;
import java.util.Locale;
import vivit.dataprep.shard.BadKind;

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

  /** A cause found at a byte of the file. */
  static UndecodableVideoException atByte(long offset, String cause) {
    return new UndecodableVideoException(cause, offset < 0 ? "" : "byte " + offset);
  }

  /** A cause found at a time of the video. */
  static UndecodableVideoException atSecond(double seconds, String cause) {
    return new UndecodableVideoException(cause, String.format(Locale.ROOT, "%.2f s", seconds));
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
