package vivit.dataprep.prepare;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.JavaConverters;
import vivit.dataprep.prepare.WorkDone.WorkCounters;

/**
 * Adds up the work of tasks, including running ones, whose executors report it with every
 * heartbeat. Failed tasks do not count.
 */
final class WorkListener extends SparkListener {
  private final List<Long> ids;
  private final long allowedBad;
  private final Runnable stop;
  private final Map<Long, WorkDone> running = new HashMap<>();
  private final Set<Long> ended = new HashSet<>();
  private WorkDone done = WorkDone.NONE;
  private boolean stopped;

  /**
   * Creates a listener that calls {@code stop} once, when finished tasks have more bad videos than
   * allowed.
   */
  WorkListener(WorkCounters counters, long allowedBad, Runnable stop) {
    this.ids = counters.ids();
    this.allowedBad = allowedBad;
    this.stop = stop;
  }

  /** The work done so far. */
  synchronized WorkDone work() {
    return running.values().stream().reduce(done, WorkDone::plus);
  }

  /** Whether too many videos were bad. */
  synchronized boolean hasStopped() {
    return stopped;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    JavaConverters.seqAsJavaList(update.accumUpdates())
        .forEach(
            task -> {
              long id = (Long) task._1();
              synchronized (this) {
                if (!ended.contains(id)) {
                  running.put(id, work(JavaConverters.seqAsJavaList(task._4())));
                }
              }
            });
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    boolean tooMany;
    synchronized (this) {
      running.remove(end.taskInfo().taskId());
      ended.add(end.taskInfo().taskId());
      if (end.reason() instanceof Success$) {
        done = done.plus(work(JavaConverters.seqAsJavaList(end.taskInfo().accumulables().toSeq())));
      }
      tooMany = !stopped && done.bad() > allowedBad;
      stopped |= tooMany;
    }
    if (tooMany) {
      stop.run();
    }
  }

  private WorkDone work(List<AccumulableInfo> updates) {
    long[] values = new long[ids.size()];
    for (AccumulableInfo info : updates) {
      int place = ids.indexOf(info.id());
      if (place >= 0 && info.update().isDefined() && info.update().get() instanceof Long value) {
        values[place] = value;
      }
    }
    return new WorkDone(values[0], values[1], values[2], values[3], values[4]);
  }
}
