package vivit.dataprep.config;

/** A command line with missing or invalid words; the message names them. */
public final class UsageException extends Refusal {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message is a complete sentence. */
  public UsageException(String message) {
    super(message);
  }
}
