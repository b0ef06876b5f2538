package vivit.dataprep.config;

/**
 * A foreseen failure: input, configuration or files that the program cannot work with.
 *
 * <p>The message is all that a user sees: what was found, what was expected, where, and what to do.
 * A bug is never a refusal; it ends in a stack trace.
 */
public class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates a refusal; the message is a complete sentence. */
  public Refusal(String message) {
    super(message);
  }

  /** Creates a refusal with a cause; the message is a complete sentence. */
  public Refusal(String message, Throwable cause) {
    super(message, cause);
  }
}
