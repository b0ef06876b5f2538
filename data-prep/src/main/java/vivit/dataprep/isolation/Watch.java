package vivit.dataprep.isolation;

import java.time.Duration;

/**
 * A process at work for a thread: killed when it takes too long or too much memory, or when the
 * thread is interrupted. Time stands still while the thread serves the process, and while this
 * virtual machine itself stood still.
 */
final class Watch implements AutoCloseable {
  /** Why the process was killed. */
  enum Verdict {
    NONE,
    INTERRUPTED,
    TOO_LONG,
    TOO_MUCH
  }

  /** Longer pauses between two looks at a process are not its own. */
  private static final long LONGEST_TICK_NANOS = Duration.ofSeconds(1).toNanos();

  private final Process process;
  private final Thread thread = Thread.currentThread();
  private final long limitNanos;
  private final long memoryBytes;
  private long spentNanos;
  private long lastNanos = System.nanoTime();
  private boolean paused;
  private Verdict verdict = Verdict.NONE;

  private Watch(Process process, Duration limit, long memoryBytes) {
    this.process = process;
    this.limitNanos = limit.toNanos();
    this.memoryBytes = memoryBytes;
  }

  /** Begins to watch a process that works for the calling thread. */
  static Watch begin(Process process, Duration limit, long memoryBytes) {
    Watch watch = new Watch(process, limit, memoryBytes);
    Watchdog.add(watch);
    return watch;
  }

  /** Gives the process its full time again. */
  synchronized void restart() {
    spentNanos = 0;
    lastNanos = System.nanoTime();
  }

  /** Stops the clock. */
  synchronized void pause() {
    paused = true;
  }

  /** Lets the clock go on. */
  synchronized void resume() {
    paused = false;
    lastNanos = System.nanoTime();
  }

  synchronized Verdict verdict() {
    return verdict;
  }

  /** Looks at the process; the watchdog calls it several times a second. */
  synchronized void look() {
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
    } else if (ResidentMemory.bytes(process.pid()) > memoryBytes) {
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
}
