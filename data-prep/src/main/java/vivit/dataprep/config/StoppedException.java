package vivit.dataprep.config;

/** A command was stopped by a signal, and kept what it had done. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * Creates the end of a command after Ctrl-C.
   *
   * @param message what was kept, and how to go on
   */
  public StoppedException(String message) {
    this(message, Command.STOPPED);
  }

  /**
   * Creates the end of a command.
   *
   * @param message what was kept, and how to go on
   * @param status of the command
   */
  public StoppedException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** Status of the command, {@link Command#STOPPED} or {@link Command#TERMINATED}. */
  int status() {
    return status;
  }
}
