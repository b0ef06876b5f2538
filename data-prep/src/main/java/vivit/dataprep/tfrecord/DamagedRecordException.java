package vivit.dataprep.tfrecord;

import java.io.IOException;
import vivit.dataprep.clip.BadKind;

/** Bytes that are not a valid record. The message states what was found and what was expected. */
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

  /** Creates the exception for a shard or an image that ends early. */
  static DamagedRecordException truncated(long position, String message) {
    return new DamagedRecordException(BadKind.TRUNCATED, position, message);
  }

  /** The kind of damage. */
  BadKind kind() {
    return kind;
  }

  /** Byte offset of the damage in the unpacked shard. */
  long position() {
    return position;
  }
}
