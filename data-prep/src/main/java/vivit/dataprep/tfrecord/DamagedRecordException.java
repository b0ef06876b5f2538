package vivit.dataprep.tfrecord;

import java.io.IOException;

/** Bytes that are no record. The message says what was found and expected. */
final class DamagedRecordException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long position;

  DamagedRecordException(long position, String message) {
    super(message);
    this.position = position;
  }

  /** Byte of the shard (after unpacking) where it was found. */
  long position() {
    return position;
  }
}
