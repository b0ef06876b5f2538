package vivit.dataprep.video;

import java.io.IOException;

/** A video that yields no usable clip. The message is the cause, in one sentence. */
public final class UndecodableVideoException extends IOException {
  private static final long serialVersionUID = 1L;

  public UndecodableVideoException(String cause) {
    super(cause);
  }
}
