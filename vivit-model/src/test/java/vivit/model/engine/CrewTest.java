package vivit.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CrewTest {

  @ParameterizedTest
  @CsvSource({"1,1", "1,3", "2,2", "2,3", "3,2", "4,4", "4,1"})
  void everyPartRunsOnceOnASeatOfItsOwn(int cores, int threads) {
    Crew crew = new Crew(cores);
    for (int parts = 0; parts < 30; parts++) {
      AtomicIntegerArray runs = new AtomicIntegerArray(parts);
      AtomicIntegerArray sitting = new AtomicIntegerArray(threads);
      AtomicInteger crowded = new AtomicInteger();
      crew.run(
          threads,
          parts,
          (part, seat) -> {
            crowded.addAndGet(sitting.getAndIncrement(seat));
            runs.incrementAndGet(part);
            LockSupport.parkNanos(1000);
            sitting.decrementAndGet(seat);
          });
      for (int part = 0; part < parts; part++) {
        assertThat(runs.get(part)).as("part %d of %d", part, parts).isEqualTo(1);
      }
      assertThat(crowded).as("threads that shared a seat").hasValue(0);
    }
  }

  @Test
  void allThreadsAskedForWorkAtOnceIfTheyAreFree() {
    Crew crew = new Crew(3);
    for (int run = 0; run < 2000; run++) {
      Set<Thread> workers = ConcurrentHashMap.newKeySet();
      meet(crew, 3, 3, workers);
      assertThat(workers).hasSize(3).contains(Thread.currentThread());
    }
  }

  /** Parts that wait for each other, so they end only if as many threads run them. */
  private static void meet(Crew crew, int threads, int parts, Set<Thread> workers) {
    CyclicBarrier barrier = new CyclicBarrier(parts);
    crew.run(
        threads,
        parts,
        (part, seat) -> {
          workers.add(Thread.currentThread());
          await(barrier);
        });
  }

  /** Helpers that wake up late miss some jobs, but all of them come in the end. */
  private static void awaken(Crew crew) {
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    for (int run = 0; workers.size() < 3; run++) {
      assertThat(run).as("jobs until all threads worked").isLessThan(5000);
      crew.run(
          3,
          30,
          (part, seat) -> {
            workers.add(Thread.currentThread());
            LockSupport.parkNanos(100_000);
          });
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void noMoreThreadsWorkThanAskedFor() {
    Crew crew = new Crew(4);
    for (int run = 0; run < 20; run++) {
      assertThat(mostAtWork(crew, 2, 1)).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void severalCallersShareTheHelpers() {
    Crew crew = new Crew(3);
    for (int run = 0; run < 10; run++) {
      assertThat(mostAtWork(crew, 3, 4)).isLessThanOrEqualTo(2 + 4);
    }
  }

  /** The largest number of threads seen inside parts while so many callers ask for help. */
  private static int mostAtWork(Crew crew, int threads, int callers) {
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger ran = new AtomicInteger();
    atOnce(
        callers,
        caller -> {
          for (int run = 0; run < 50; run++) {
            crew.run(
                threads,
                7,
                (part, seat) -> {
                  most.accumulateAndGet(working.incrementAndGet(), Math::max);
                  LockSupport.parkNanos(1000);
                  working.decrementAndGet();
                  ran.incrementAndGet();
                });
          }
        });
    assertThat(ran).hasValue(callers * 50 * 7);
    return most.get();
  }

  private interface Caller {
    void run(int caller);
  }

  private static void atOnce(int callers, Caller work) {
    ExecutorService pool = Executors.newFixedThreadPool(callers);
    List<Future<?>> ends = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      int number = caller;
      ends.add(pool.submit(() -> work.run(number)));
    }
    pool.shutdown();
    for (Future<?> end : ends) {
      try {
        end.get();
      } catch (InterruptedException | ExecutionException failed) {
        throw new IllegalStateException(failed);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,9", "3,3,9", "3,3,2", "3,1,9", "3,3,1"})
  void aFailureReachesTheCallerAndTheCrewGoesOn(int cores, int threads, int parts) {
    Crew crew = new Crew(cores);
    for (int bad = 0; bad < parts; bad++) {
      int failing = bad;
      assertThatThrownBy(
              () ->
                  crew.run(
                      threads,
                      parts,
                      (part, seat) -> {
                        if (part == failing) {
                          throw new IllegalStateException("part " + part);
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("part " + failing);
      assertThatThrownBy(
              () ->
                  crew.run(
                      threads,
                      parts,
                      (part, seat) -> {
                        throw new AssertionError("all");
                      }))
          .isInstanceOf(AssertionError.class);
      AtomicInteger ran = new AtomicInteger();
      crew.run(threads, parts, (part, seat) -> ran.incrementAndGet());
      assertThat(ran).hasValue(parts);
    }
    if (cores == 3 && threads == 3) {
      awaken(crew);
    }
  }

  @Test
  void nestedWorkEnds() {
    Crew crew = new Crew(3);
    AtomicInteger ran = new AtomicInteger();
    atOnce(
        3,
        caller -> {
          for (int run = 0; run < 20; run++) {
            crew.run(3, 5, (part, seat) -> crew.run(3, 4, (inner, place) -> ran.incrementAndGet()));
          }
        });
    assertThat(ran).hasValue(3 * 20 * 5 * 4);
  }

  @Test
  void anInterruptedCallerGetsItsWorkAndStaysInterrupted() {
    Crew crew = new Crew(2);
    AtomicInteger ran = new AtomicInteger();
    Thread.currentThread().interrupt();
    for (int run = 0; run < 50; run++) {
      crew.run(2, 8, (part, seat) -> ran.incrementAndGet());
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ran).hasValue(400);
  }

  @Test
  void idleHelpersSleepAndDoNotKeepTheJvmAlive() throws InterruptedException {
    Crew crew = new Crew(3);
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < 3; round++) {
      meet(crew, 3, 3, workers);
      workers.remove(Thread.currentThread());
      assertThat(workers).hasSize(2).allMatch(Thread::isDaemon);
      assertThat(workers).allMatch(helper -> helper.getName().startsWith("vivit-engine-"));
      for (Thread helper : workers) {
        while (helper.getState() != Thread.State.WAITING) {
          Thread.sleep(1); // until the time-out of the class
        }
        assertThat(LockSupport.getBlocker(helper)).isNotNull();
      }
    }
  }

  @Test
  void threadsBeginWhenTheyAreFirstWanted() {
    int before = Thread.getAllStackTraces().size();
    new Crew(64).run(1, 100, (part, seat) -> {});
    new Crew(64).run(64, 1, (part, seat) -> {});
    assertThat(Thread.getAllStackTraces().size()).isLessThan(before + 32);
  }
}
