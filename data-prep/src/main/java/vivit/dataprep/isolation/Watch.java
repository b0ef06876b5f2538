package vivit.dataprep.isolation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches a process that works for a thread, and kills it when it exceeds its time or memory or the
 * thread is interrupted. In a sandbox the process that decodes, whose memory counts, is a
 * descendant of the one that was started, and dies with it. The clock stops while the thread serves
 * the process and while this JVM itself was suspended.
 */
final class Watch implements AutoCloseable {
  /** The reason why the process was killed. */
  enum Verdict {
    NONE,
    INTERRUPTED,
    TOO_LONG,
    TOO_MUCH
  }

  /** The most that one check adds to the clock; a longer gap is a pause of this JVM. */
  private static final long LONGEST_TICK_NANOS = Duration.ofSeconds(1).toNanos();

  private static final String RESIDENT_FIELD = "\nVmRSS:";

  private final Process process;
  private final long decoder;
  private final Thread thread = Thread.currentThread();
  private final long limitNanos;
  private final long memoryBytes;
  private long spentNanos;
  private long lastNanos = System.nanoTime();
  private boolean paused;
  private Verdict verdict = Verdict.NONE;

  private Watch(Process process, long decoder, Duration limit, long memoryBytes) {
    this.process = process;
    this.decoder = decoder;
    this.limitNanos = limit.toNanos();
    this.memoryBytes = memoryBytes;
  }

  /**
   * Starts watching a process that works for the calling thread.
   *
   * @param decoder the id of the process whose memory counts
   */
  static Watch begin(Process process, long decoder, Duration limit, long memoryBytes) {
    Watch watch = new Watch(process, decoder, limit, memoryBytes);
    Watchdog.add(watch);
    return watch;
  }

  /** Grants the process its full time again. */
  synchronized void restart() {
    spentNanos = 0;
    lastNanos = System.nanoTime();
  }

  /** Stops the clock. */
  synchronized void pause() {
    paused = true;
  }

  /** Restarts the clock. */
  synchronized void resume() {
    paused = false;
    lastNanos = System.nanoTime();
  }

  synchronized Verdict verdict() {
    return verdict;
  }

  /** Checks the process and kills it if necessary. */
  private synchronized void check() {
    if (verdict != Verdict.NONE) {
      return;
    }
    long now = System.nanoTime();
    if (!paused) {
      spentNanos += Math.min(now - lastNanos, LONGEST_TICK_NANOS);
    }
    lastNanos = now;
    if (thread.isInterrupted()) {
      verdict = Verdict.INTERRUPTED;
    } else if (spentNanos > limitNanos) {
      verdict = Verdict.TOO_LONG;
    } else if (residentBytes(decoder) > memoryBytes) {
      verdict = Verdict.TOO_MUCH;
    }
    if (verdict != Verdict.NONE) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    Watchdog.remove(this);
  }

  /**
   * Resident memory of a process in bytes, as Linux reports it; 0 if the process is gone. Other
   * systems report 0 too; there only the limits that a helper sets for itself hold: its Java heap,
   * and the largest block that FFmpeg may allocate.
   */
  private static long residentBytes(long pid) {
    String status;
    try {
      status =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return 0;
    }
    int from = status.indexOf(RESIDENT_FIELD);
    int to = status.indexOf(" kB", Math.max(from, 0));
    return from < 0 || to < 0
        ? 0
        : Long.parseLong(status.substring(from + RESIDENT_FIELD.length(), to).strip()) << 10;
  }

  /** The thread that checks all helpers of this JVM; it ends when none are left. */
  static final class Watchdog {
    private static final long CHECK_MILLIS = 50;
    private static final long IDLE_MILLIS = 1000;

    private static final Object LOCK = new Object();
    private static final List<Watch> WATCHES = new ArrayList<>();
    private static Thread thread;

    private Watchdog() {}

    private static void add(Watch watch) {
      synchronized (LOCK) {
        WATCHES.add(watch);
        wake();
      }
    }

    private static void remove(Watch watch) {
      synchronized (LOCK) {
        WATCHES.remove(watch);
      }
    }

    /** Ensures that the thread runs, so that idle helpers are closed in time. */
    static void wake() {
      synchronized (LOCK) {
        if (thread == null) {
          // No inherited thread locals: they belong to the Spark task that happened to come first.
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
          Waiting.uninterruptibly(() -> LOCK.wait(WATCHES.isEmpty() ? IDLE_MILLIS : CHECK_MILLIS));
          watches = List.copyOf(WATCHES);
        }
        watches.forEach(Watch::check);
        HelperPool.closeIdle();
      }
    }
  }
}
