package vivit.spark.train;

import java.io.IOException;

/** All executors that held some slice of the newest vectors are gone. */
final class LostVectorsException extends IOException {
  private static final long serialVersionUID = 1L;

  LostVectorsException(String message, Throwable cause) {
    super(message, cause);
  }
}
