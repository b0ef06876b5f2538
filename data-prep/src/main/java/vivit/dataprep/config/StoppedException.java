package vivit.dataprep.config;

/** The user stopped a command, which kept what it had done. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the end of a command.
   *
   * @param message what was kept, and how to go on
   */
  public StoppedException(String message) {
    super(message);
  }
}
