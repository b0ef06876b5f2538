package vivit.model.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The JVM's threads for arithmetic, one fewer than it has cores: whoever asks for help works along.
 *
 * <p>A piece of work is cut into parts; who is free takes the next. Helpers are invited while fewer
 * threads are at work than there are cores, so several engines in one JVM never keep more threads
 * busy than it has cores or callers. What a part computes must not depend on who computes it or
 * when. Helpers wait awake for a moment, then sleep.
 */
final class Crew {

  /** Of this JVM. */
  static final Crew SHARED = new Crew(Runtime.getRuntime().availableProcessors());

  private static final long AWAKE_NANOS = 50_000;
  private static final int LOOKS_PER_CLOCK = 64;

  private final int cores;
  private final AtomicInteger busy = new AtomicInteger();
  private final Helper[] helpers;

  Crew(int cores) {
    this.cores = cores;
    helpers = new Helper[cores - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper("vivit-engine-" + (i + 1));
    }
  }

  /** A part of a piece of work. */
  interface Work {
    /**
     * Computes a part.
     *
     * @param seat of the thread that works, below the number of threads; no two at a time are equal
     */
    void run(int part, int seat);
  }

  /**
   * Runs all parts and returns when they are done.
   *
   * @param threads that may work, the caller's among them
   * @throws RuntimeException what the first failed part threw; the others were run or left out
   */
  void run(int threads, int parts, Work work) {
    SingleThreaded.require();
    if (threads == 1 || parts == 1) {
      for (int part = 0; part < parts; part++) {
        work.run(part, 0);
      }
      return;
    }
    Job job = new Job(work, parts);
    busy.incrementAndGet();
    invite(job, Math.min(threads, parts) - 1);
    job.finish(job.work(0));
    busy.decrementAndGet();
    job.await();
  }

  private void invite(Job job, int wanted) {
    int invited = 0;
    for (Helper helper : helpers) {
      if (invited == wanted || busy.get() >= cores) {
        return;
      }
      if (helper.join(job, invited + 1)) {
        invited++;
      }
    }
  }

  /** Parts that are handed out one by one. */
  private static final class Job {
    private final Work work;
    private final int parts;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Job(Work work, int parts) {
      this.work = work;
      this.parts = parts;
    }

    /** Takes parts until there are none; gives how many it took, which are to be finished. */
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

  /** One thread; started when first asked. */
  private final class Helper implements Runnable {
    private final String name;
    private final AtomicReference<Job> job = new AtomicReference<>();
    private volatile int seat;
    private volatile boolean asleep;
    private Thread thread;

    Helper(String name) {
      this.name = name;
    }

    /** Takes the job if there is none yet. */
    boolean join(Job offered, int offeredSeat) {
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
      SingleThreaded.require();
      while (true) {
        Job mine = waitForWork();
        int taken = mine.work(seat);
        job.set(null);
        busy.decrementAndGet();
        mine.finish(taken); // last, so that whoever waits finds a free helper for its next job
      }
    }

    private Job waitForWork() {
      long start = System.nanoTime();
      for (int look = 1; ; look++) {
        Job offered = job.get();
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
