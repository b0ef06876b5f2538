package vivit.dataprep.isolation;

/** Waits that an interrupt does not cut short; the thread's interrupt status is restored after. */
final class Waiting {
  private Waiting() {}

  /** An operation that waits. */
  @FunctionalInterface
  interface Wait {
    void run() throws InterruptedException;
  }

  static void uninterruptibly(Wait wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          wait.run();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
