package vivit.model.checkpoint;

import java.io.IOException;

/**
 * Thrown when a checkpoint contradicts its format, its header or the model; the message names file,
 * tensor and byte.
 */
public final class CorruptCheckpointException extends IOException {

  private static final long serialVersionUID = 1;

  private static final int LONGEST_PROBLEM = 1000;

  /** Creates the exception; the message is a complete sentence. */
  public CorruptCheckpointException(String message) {
    super(oneLine(message));
  }

  /** Creates the exception with a cause; the message is a complete sentence. */
  public CorruptCheckpointException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** Escapes line ends, which a name in a file may have to forge a line of ours. */
  static String oneLine(String message) {
    return message.replace("\r", "\\r").replace("\n", "\\n");
  }

  /** Describes a problem at a byte of a file. */
  static CorruptCheckpointException at(String file, long position, String problem) {
    return new CorruptCheckpointException(sentence(file, position, problem));
  }

  /** Describes a problem at a byte of a file, with its cause. */
  static CorruptCheckpointException at(
      String file, long position, String problem, Throwable cause) {
    return new CorruptCheckpointException(sentence(file, position, problem), cause);
  }

  /** Problems quote names and values of the file, which may be of any length. */
  private static String sentence(String file, long position, String problem) {
    String brief =
        problem.length() <= LONGEST_PROBLEM
            ? problem
            : problem.substring(0, LONGEST_PROBLEM) + "...";
    return "Cannot read %s: %s (byte %d)".formatted(file, brief, position);
  }
}
