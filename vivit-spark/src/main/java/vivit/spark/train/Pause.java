package vivit.spark.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits before something is tried again. */
final class Pause {
  private static final long STEP_MILLIS = 100;

  private Pause() {}

  /**
   * Waits until a time as {@link System#nanoTime} gives it, or until the run ends.
   *
   * @throws IOException if the thread is interrupted
   */
  static void until(long nanos, BooleanSupplier ending) throws IOException {
    try {
      for (long left = nanos - System.nanoTime();
          left > 0 && !ending.getAsBoolean();
          left = nanos - System.nanoTime()) {
        TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS)));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting to try again");
    }
  }
}
