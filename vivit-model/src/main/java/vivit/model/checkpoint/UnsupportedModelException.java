package vivit.model.checkpoint;

import java.io.IOException;

/** Thrown when a file format cannot hold a model; the message names a format that can. */
public final class UnsupportedModelException extends IOException {

  private static final long serialVersionUID = 1;

  /** Creates the exception; the message is a complete sentence. */
  public UnsupportedModelException(String message) {
    super(CorruptCheckpointException.oneLine(message));
  }
}
