package vivit.dataprep.config;

/** A command line that lacks what the command needs; the message says what that is. */
public final class UsageException extends Refusal {
  private static final long serialVersionUID = 1L;

  /** With the whole sentence. */
  public UsageException(String message) {
    super(message);
  }
}
