package vivit.model.checkpoint;

import java.io.IOException;

/** A checkpoint that cannot be what its header says; the message names file, tensor and byte. */
public final class CorruptCheckpointException extends IOException {

  private static final long serialVersionUID = 1;

  /** With the whole sentence. */
  public CorruptCheckpointException(String message) {
    super(message);
  }

  /** With the whole sentence and what led to it. */
  public CorruptCheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A problem at a byte of a file. */
  static CorruptCheckpointException at(String file, long position, String problem) {
    return new CorruptCheckpointException(
        "Cannot read %s: %s (byte %d)".formatted(file, problem, position));
  }

  /** A problem at a byte of a file, and what led to it. */
  static CorruptCheckpointException at(
      String file, long position, String problem, Throwable cause) {
    return new CorruptCheckpointException(
        "Cannot read %s: %s (byte %d)".formatted(file, problem, position), cause);
  }
}
