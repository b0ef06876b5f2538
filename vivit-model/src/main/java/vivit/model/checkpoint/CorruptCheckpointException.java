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
}
