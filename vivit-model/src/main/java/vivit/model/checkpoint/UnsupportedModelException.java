package vivit.model.checkpoint;

import java.io.IOException;

/** Thrown when a file format cannot hold a model; the message names a format that can. */
public final class UnsupportedModelException extends IOException {

  private static final long serialVersionUID = 1;

  /** With the complete message. */
  public UnsupportedModelException(String message) {
    super(message);
  }
}
