package vivit.dataprep.config;

/**
 * A failure that the program foresees: input, configuration or files that it cannot work with.
 *
 * <p>The message is all that a user sees, so it says what was found, what was expected, where, and
 * what to do. A bug is never a refusal: it ends in its stack trace.
 */
public class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Refuses with a whole sentence. */
  public Refusal(String message) {
    super(message);
  }

  /** Refuses with a whole sentence, because of {@code cause}. */
  public Refusal(String message, Throwable cause) {
    super(message, cause);
  }
}
