package vivit.dataprep.config;

/** A command line that does not say what the command needs; the message tells what it should. */
public final class UsageException extends Refusal {
  private static final long serialVersionUID = 1L;

  /** With the whole sentence. */
  public UsageException(String message) {
    super(message);
  }
}
