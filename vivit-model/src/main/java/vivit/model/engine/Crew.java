package vivit.model.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The JVM's helper threads for arithmetic, one fewer than it has cores; the calling thread takes
 * part in the work.
 *
 * <p>Work is split into parts, and each free thread takes the next one. A caller invites helpers
 * only while fewer threads are busy than there are cores, so several engines in one JVM never keep
 * more threads busy than the larger of the numbers of cores and callers. The result of a part must
 * not depend on which thread computes it or when. Idle helpers spin for a moment, then park.
 */
final class Crew {

  /** The crew of this JVM. */
  static final Crew SHARED = new Crew(Runtime.getRuntime().availableProcessors());

  private static final long AWAKE_NANOS = 50_000;
  private static final int LOOKS_PER_CLOCK = 64;

  /**
   * Read by every thread before it calls native kernels, which keeps them on that thread: OpenMP
   * sets the number of threads per calling thread.
   */
  private static final ThreadLocal<Boolean> SINGLE_THREADED_KERNELS =
      ThreadLocal.withInitial(
          () -> {
            Nd4j.getBackend(); // loads the library that the next line needs
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
            return true;
          });

  private final int cores;
  private final AtomicInteger busy = new AtomicInteger();
  private final HelperThread[] helpers;

  Crew(int cores) {
    this.cores = cores;
    helpers = new HelperThread[cores - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new HelperThread("vivit-engine-" + (i + 1));
    }
  }

  /** Work that is divided into parts. */
  interface CrewWork {
    /**
     * Computes a part.
     *
     * @param seat of the working thread, below the number of threads; differs between concurrent
     *     parts
     */
    void run(int part, int seat);
  }

  /**
   * Runs all parts and returns when they are complete.
   *
   * @param threads number of threads that may work, including the caller's
   * @throws RuntimeException of the first part that failed; parts not yet started then are skipped
   */
  void run(int threads, int parts, CrewWork work) {
    SINGLE_THREADED_KERNELS.get();
    if (threads == 1 || parts == 1) {
      for (int part = 0; part < parts; part++) {
        work.run(part, 0);
      }
      return;
    }
    CrewJob job = new CrewJob(work, parts);
    busy.incrementAndGet();
    invite(job, Math.min(threads, parts) - 1);
    job.finish(job.work(0));
    busy.decrementAndGet();
    job.await();
  }

  private void invite(CrewJob job, int wanted) {
    int invited = 0;
    for (HelperThread helper : helpers) {
      if (invited == wanted || busy.get() >= cores) {
        return;
      }
      if (helper.join(job, invited + 1)) {
        invited++;
      }
    }
  }

  /** Parts that threads take one by one. */
  private static final class CrewJob {
    private final CrewWork work;
    private final int parts;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    CrewJob(CrewWork work, int parts) {
      this.work = work;
      this.parts = parts;
    }

    /** Runs parts until none is left; returns their number, for {@link #finish}. */
    int work(int seat) {
      int taken = 0;
      for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
        try {
          if (failure.get() == null) {
            work.run(part, seat);
          }
        } catch (RuntimeException | Error failed) {
          failure.compareAndSet(null, failed);
        }
        taken++;
      }
      return taken;
    }

    void finish(int taken) {
      if (done.addAndGet(taken) == parts) {
        LockSupport.unpark(caller);
      }
    }

    void await() {
      long start = System.nanoTime();
      for (int look = 1; done.get() < parts; look++) {
        Thread.onSpinWait();
        if (look % LOOKS_PER_CLOCK == 0 && System.nanoTime() - start > AWAKE_NANOS) {
          LockSupport.park(this);
        }
      }
      if (failure.get() instanceof RuntimeException failed) {
        throw failed;
      } else if (failure.get() instanceof Error failed) {
        throw failed;
      }
    }
  }

  /** A thread that starts with its first job. */
  private final class HelperThread implements Runnable {
    private final String name;
    private final AtomicReference<CrewJob> job = new AtomicReference<>();
    private volatile int seat;
    private volatile boolean asleep;
    private Thread thread;

    HelperThread(String name) {
      this.name = name;
    }

    /** Takes the job unless this helper is busy. */
    boolean join(CrewJob offered, int offeredSeat) {
      synchronized (this) {
        if (job.get() != null) {
          return false;
        }
        busy.incrementAndGet();
        seat = offeredSeat;
        job.set(offered);
        if (thread == null) {
          thread = new Thread(this, name);
          thread.setDaemon(true);
          thread.start();
          return true;
        }
      }
      if (asleep) {
        LockSupport.unpark(thread);
      }
      return true;
    }

    @Override
    public void run() {
      SINGLE_THREADED_KERNELS.get();
      while (true) {
        CrewJob mine = waitForWork();
        int taken = mine.work(seat);
        job.set(null);
        busy.decrementAndGet();
        mine.finish(taken); // last, so that the caller finds this helper free for its next job
      }
    }

    private CrewJob waitForWork() {
      long start = System.nanoTime();
      for (int look = 1; ; look++) {
        CrewJob offered = job.get();
        if (offered != null) {
          return offered;
        }
        Thread.onSpinWait();
        if (look % LOOKS_PER_CLOCK == 0 && System.nanoTime() - start > AWAKE_NANOS) {
          asleep = true;
          if (job.get() == null) {
            LockSupport.park(this);
          }
          asleep = false;
        }
      }
    }
  }
}
