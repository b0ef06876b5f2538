package vivit.dataprep.isolation;

import java.util.ArrayList;
import java.util.List;

/** The thread that looks at all helpers of this virtual machine; it ends when there are none. */
final class Watchdog {
  private static final long LOOK_MILLIS = 50;
  private static final long IDLE_MILLIS = 1000;

  private static final Object LOCK = new Object();
  private static final List<Watch> WATCHES = new ArrayList<>();
  private static Thread thread;

  private Watchdog() {}

  static void add(Watch watch) {
    synchronized (LOCK) {
      WATCHES.add(watch);
      wake();
    }
  }

  static void remove(Watch watch) {
    synchronized (LOCK) {
      WATCHES.remove(watch);
    }
  }

  /** Makes sure that idle helpers are looked after. */
  static void wake() {
    synchronized (LOCK) {
      if (thread == null) {
        // No inherited thread locals: those are Spark's, of the task that happened to come first.
        thread = new Thread(null, Watchdog::run, "decoder watchdog", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
      }
      LOCK.notifyAll();
    }
  }

  private static void run() {
    while (true) {
      List<Watch> watches;
      synchronized (LOCK) {
        if (WATCHES.isEmpty() && HelperPool.isEmpty()) {
          thread = null;
          return;
        }
        Waiting.uninterruptibly(() -> LOCK.wait(WATCHES.isEmpty() ? IDLE_MILLIS : LOOK_MILLIS));
        watches = List.copyOf(WATCHES);
      }
      watches.forEach(Watch::look);
      HelperPool.closeIdle();
    }
  }
}
