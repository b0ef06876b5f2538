package vivit.dataprep.storage;

import java.io.IOException;

/** A folder that another process is using; the message names the process and what to do. */
public final class FolderInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  public FolderInUseException(String message) {
    super(message);
  }
}
