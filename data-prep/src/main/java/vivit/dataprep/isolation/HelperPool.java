package vivit.dataprep.isolation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Helpers of this virtual machine that wait for their next job, for a while. */
final class HelperPool {
  private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();

  /** Latest first. */
  private static final Deque<Helper> IDLE = new ArrayDeque<>();

  private HelperPool() {}

  /** Takes a helper with this memory limit, or starts one. */
  static Helper take(long memoryBytes) throws IOException {
    List<Helper> others = new ArrayList<>();
    try {
      synchronized (IDLE) {
        for (Iterator<Helper> i = IDLE.iterator(); i.hasNext(); ) {
          Helper helper = i.next();
          if (!helper.fit() || helper.memoryBytes() != memoryBytes) {
            i.remove();
            others.add(helper);
          } else {
            i.remove();
            return helper;
          }
        }
      }
    } finally {
      others.forEach(Helper::close);
    }
    return Helper.start(memoryBytes);
  }

  /** Takes a helper back, or closes it if it is not fit for another job. */
  static void give(Helper helper) {
    if (!helper.fit()) {
      helper.close();
      return;
    }
    helper.idleSince(System.nanoTime());
    synchronized (IDLE) {
      IDLE.addFirst(helper);
    }
    Watchdog.wake();
  }

  static boolean isEmpty() {
    synchronized (IDLE) {
      return IDLE.isEmpty();
    }
  }

  /** Closes the helpers that nobody wanted for a while. */
  static void closeIdle() {
    closeIdle(IDLE_NANOS);
  }

  static void closeIdle(long forNanos) {
    List<Helper> old = new ArrayList<>();
    synchronized (IDLE) {
      while (!IDLE.isEmpty() && IDLE.getLast().idleNanos() >= forNanos) {
        old.add(IDLE.removeLast());
      }
    }
    old.forEach(Helper::close);
  }
}
