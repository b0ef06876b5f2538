package vivit.model.checkpoint;

import java.io.IOException;

/**
 * Thrown when a checkpoint contradicts its format, its header or the model; the message names file,
 * tensor and byte.
 */
public final class CorruptCheckpointException extends IOException {

  private static final long serialVersionUID = 1;

  /** Creates the exception; the message is a complete sentence. */
  public CorruptCheckpointException(String message) {
    super(message);
  }

  /** Creates the exception with a cause; the message is a complete sentence. */
  public CorruptCheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Describes a problem at a byte of a file. */
  static CorruptCheckpointException at(String file, long position, String problem) {
    return new CorruptCheckpointException(
        "Cannot read %s: %s (byte %d)".formatted(file, problem, position));
  }

  /** Describes a problem at a byte of a file, with its cause. */
  static CorruptCheckpointException at(
      String file, long position, String problem, Throwable cause) {
    return new CorruptCheckpointException(
        "Cannot read %s: %s (byte %d)".formatted(file, problem, position), cause);
  }
}
