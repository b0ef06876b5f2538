package vivit.dataprep.prepare;

import java.io.IOException;

/** A preparation that was refused or failed; the message says what to do. */
public final class PrepareException extends IOException {
  private static final long serialVersionUID = 1L;

  PrepareException(String message) {
    super(message);
  }
}
