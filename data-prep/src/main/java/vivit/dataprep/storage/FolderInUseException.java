package vivit.dataprep.storage;

import java.io.IOException;

/** Another process works in the folder; the message names it and says what to do. */
public final class FolderInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  public FolderInUseException(String message) {
    super(message);
  }
}
