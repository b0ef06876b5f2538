package vivit.spark.train;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.spark.train.TrainingRounds.Work;

/**
 * Ends tasks that hang: a job that takes many times as long as those of its kind before is
 * cancelled, to be repeated, and executors whose tasks do not end even then are killed.
 */
final class HungTasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HungTasks.class);
  private static final int REMEMBERED = 10;
  private static final double FACTOR = 10;
  private static final double LEAST_SECONDS = 60;
  private static final double FIRST_SECONDS = 3600;
  private static final long GRACE_SECONDS = 10;

  private final JavaSparkContext sc;
  private final Map<String, Deque<Double>> seconds = new HashMap<>();
  private final RunningTasks running = new RunningTasks();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "hung-tasks");
            thread.setDaemon(true);
            return thread;
          });

  /** A task that runs, and since when. */
  private record Running(String executor, String host, long began) {}

  HungTasks(JavaSparkContext sc) {
    this.sc = sc;
    sc.sc().addSparkListener(running);
  }

  /** Runs a job of some kind; ends it if it takes much longer than those before it. */
  <T> T watch(String kind, Work<T> job) throws IOException {
    long began = System.nanoTime();
    double limit = limit(seconds.getOrDefault(kind, new ArrayDeque<>()));
    long millis = (long) (limit * 1000);
    ScheduledFuture<?> check =
        clock.scheduleWithFixedDelay(
            () -> endIfHung(kind, limit), millis, millis, TimeUnit.MILLISECONDS);
    try {
      T result = job.run();
      Deque<Double> last = seconds.computeIfAbsent(kind, none -> new ArrayDeque<>());
      last.add((System.nanoTime() - began) / 1e9);
      if (last.size() > REMEMBERED) {
        last.remove();
      }
      return result;
    } finally {
      check.cancel(false);
    }
  }

  /** The time that a job may take, in seconds, after those before it took these times. */
  static double limit(Iterable<Double> before) {
    double longest = 0;
    for (double seconds : before) {
      longest = Math.max(longest, seconds);
    }
    return longest == 0 ? FIRST_SECONDS : Math.max(LEAST_SECONDS, FACTOR * longest);
  }

  /** Ends the job unless none of its tasks has run for so long: it may wait for executors. */
  private void endIfHung(String kind, double limit) {
    Map<Long, Running> hung = running.longerThan(limit);
    if (hung.isEmpty() || sc.isLocal()) {
      return;
    }
    LOG.warn(
        "Tasks of a job to {} have run for {} s, {} times as long as those before: {}; they are"
            + " ended, and the job is repeated",
        kind,
        Math.round(limit),
        Math.round(FACTOR),
        places(hung));
    sc.cancelAllJobs();
    // The future is not needed: the clock ends with the run.
    var unused = clock.schedule(() -> kill(hung), GRACE_SECONDS, TimeUnit.SECONDS);
  }

  private void kill(Map<Long, Running> hung) {
    Map<Long, Running> left = new HashMap<>(hung);
    left.keySet().retainAll(running.tasks.keySet());
    List<String> executors = left.values().stream().map(Running::executor).distinct().toList();
    if (!executors.isEmpty()) {
      LOG.warn("They do not end, so their executors are killed: {}", places(left));
      executors.forEach(executor -> sc.sc().killAndReplaceExecutor(executor));
    }
  }

  private static String places(Map<Long, Running> tasks) {
    return tasks.values().stream()
        .map(task -> "executor %s on %s".formatted(task.executor(), task.host()))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    if (!sc.sc().isStopped()) {
      sc.sc().removeSparkListener(running);
    }
  }

  /** The tasks that run, by their number. */
  private static final class RunningTasks extends SparkListener {
    private final Map<Long, Running> tasks = new ConcurrentHashMap<>();

    Map<Long, Running> longerThan(double seconds) {
      long latest = System.nanoTime() - (long) (seconds * 0.9e9); // listeners are told late
      return tasks.entrySet().stream()
          .filter(task -> task.getValue().began() - latest < 0)
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      tasks.put(
          start.taskInfo().taskId(),
          new Running(start.taskInfo().executorId(), start.taskInfo().host(), System.nanoTime()));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      tasks.remove(end.taskInfo().taskId());
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      tasks.values().removeIf(task -> task.executor().equals(removed.executorId()));
    }
  }
}
