package vivit.dataprep.tfrecord;

import java.io.IOException;
import vivit.dataprep.clip.BadKind;

/** Bytes that form no record. The message says what was found and expected. */
final class DamagedRecordException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long position;
  private final BadKind kind;

  DamagedRecordException(long position, String message) {
    this(BadKind.UNDECODABLE, position, message);
  }

  private DamagedRecordException(BadKind kind, long position, String message) {
    super(message);
    this.position = position;
    this.kind = kind;
  }

  /** Where a shard, or an image, breaks off. */
  static DamagedRecordException truncated(long position, String message) {
    return new DamagedRecordException(BadKind.TRUNCATED, position, message);
  }

  /** The kind of damage. */
  BadKind kind() {
    return kind;
  }

  /** Byte of the shard (after unpacking) where it was found. */
  long position() {
    return position;
  }
}
