package vivit.dataprep.isolation;

import java.io.IOException;

/** A spool that cannot be written, which is no fault of the video. */
final class SpoolException extends IOException {
  private static final long serialVersionUID = 1L;

  SpoolException(String message, Throwable cause) {
    super(message, cause);
  }
}
