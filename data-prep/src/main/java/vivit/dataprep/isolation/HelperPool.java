package vivit.dataprep.isolation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import vivit.dataprep.isolation.HelperProcess.HelperKind;

/** The idle helpers of this JVM, kept for a while for their next job. */
final class HelperPool {
  private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();

  /** The most recently used helper comes first. */
  private static final Deque<HelperProcess> IDLE = new ArrayDeque<>();

  private HelperPool() {}

  /** Takes a helper of this kind, or starts one; closes helpers of other kinds. */
  static HelperProcess take(HelperKind kind) throws IOException {
    List<HelperProcess> others = new ArrayList<>();
    try {
      synchronized (IDLE) {
        while (!IDLE.isEmpty()) {
          HelperProcess helper = IDLE.removeFirst();
          if (helper.isUsable() && helper.kind().equals(kind)) {
            return helper;
          }
          others.add(helper);
        }
      }
    } finally {
      others.forEach(HelperProcess::close);
    }
    return HelperProcess.start(kind);
  }

  /** Takes a helper back, or closes it if it cannot take another job. */
  static void give(HelperProcess helper) {
    if (!helper.isUsable()) {
      helper.close();
      return;
    }
    helper.idleSince(System.nanoTime());
    synchronized (IDLE) {
      IDLE.addFirst(helper);
    }
    Watch.Watchdog.wake();
  }

  static boolean isEmpty() {
    synchronized (IDLE) {
      return IDLE.isEmpty();
    }
  }

  /** Closes the helpers that have been idle for too long. */
  static void closeIdle() {
    closeIdle(IDLE_NANOS);
  }

  static void closeIdle(long forNanos) {
    List<HelperProcess> old = new ArrayList<>();
    synchronized (IDLE) {
      while (!IDLE.isEmpty() && IDLE.getLast().idleNanos() >= forNanos) {
        old.add(IDLE.removeLast());
      }
    }
    old.forEach(HelperProcess::close);
  }
}
