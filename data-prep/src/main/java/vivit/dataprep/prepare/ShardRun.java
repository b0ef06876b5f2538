package vivit.dataprep.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.dataprep.isolation.Confinement;
import vivit.dataprep.isolation.DecodeLimits;
import vivit.dataprep.isolation.DecodeLimits.Isolation;
import vivit.dataprep.isolation.IsolatedDecoder;
import vivit.dataprep.job.ConsoleProgress;
import vivit.dataprep.job.FailedJob;
import vivit.dataprep.job.Tasks;
import vivit.dataprep.prepare.PrepareProgress.Workload;
import vivit.dataprep.prepare.PrepareTask.TaskSettings;
import vivit.dataprep.prepare.WorkDone.WorkCounters;
import vivit.dataprep.text.Figures;
import vivit.dataprep.text.Kebab;

/** Makes shards in a Spark job with one task per shard; the most expensive start first. */
final class ShardRun {
  private static final Logger LOG = LoggerFactory.getLogger(ShardRun.class);
  private static final String GROUP = "vivit prepare";

  private final JavaSparkContext sc;
  private WorkDone work = WorkDone.NONE;
  private String sandboxes = "";

  ShardRun(JavaSparkContext sc) {
    this.sc = sc;
  }

  /**
   * Makes shards.
   *
   * @param allowedBad number of further videos that may be bad; the job stops when there are more
   * @return whether all shards were made
   * @throws IOException if a task failed as often as Spark allows
   */
  boolean run(List<ShardPlan> plans, TaskSettings settings, Workload load, long allowedBad)
      throws IOException {
    if (plans.isEmpty()) {
      return true;
    }
    sayConfinement(settings.config().limits());
    List<ShardPlan> heaviestFirst = new ArrayList<>(plans);
    heaviestFirst.sort(Comparator.comparingLong(plan -> -plan.cost()));
    WorkCounters counters = new WorkCounters(sc.sc());
    WorkListener listener =
        new WorkListener(counters, allowedBad, () -> sc.sc().cancelJobGroup(GROUP));
    sc.sc().addSparkListener(listener);
    sc.setJobGroup(GROUP, "shards", true);
    ConsoleProgress.Repeated progress =
        PrepareProgress.start(ConsoleProgress.of(LOG), load, listener::work);
    try {
      PrepareTask task = new PrepareTask(settings, counters);
      for (WorkDone done : Tasks.run(sc, heaviestFirst, WorkDone.class, task)) {
        work = work.plus(done);
      }
      return true;
    } catch (RuntimeException | Error failed) {
      throw failed;
    } catch (Exception failed) { // Scala throws checked exceptions without declaring them
      if (listener.hasStopped()) {
        return false;
      }
      throw new IOException(
          "A shard cannot be made; finished ones are kept for the next run: "
              + FailedJob.message(failed),
          failed);
    } finally {
      progress.close();
      sc.clearJobGroup();
      sc.sc().removeSparkListener(listener);
    }
  }

  /** Says what confines the decoder, as the executors that are there by now found out. */
  private void sayConfinement(DecodeLimits limits) throws IOException {
    if (limits.isolation() == Isolation.NONE) {
      LOG.info("Videos are decoded by the executors themselves: prepare.isolation=none");
      return;
    }
    List<Integer> slots = IntStream.range(0, sc.defaultParallelism()).boxed().toList();
    List<Confinement> found;
    try {
      found =
          Tasks.run(
              sc, slots, Confinement.class, (slot, hadoop) -> IsolatedDecoder.confinement(limits));
    } catch (RuntimeException | Error failed) {
      throw failed;
    } catch (Exception failed) { // Scala throws checked exceptions without declaring them
      throw new IOException(FailedJob.message(failed), failed);
    }
    sandboxes =
        found.stream()
            .map(confinement -> Kebab.of(confinement.sandbox()))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", ", ", sandbox ", ""));
    if (!sc.isLocal()) { // else the lines are in this log
      Set.copyOf(found).forEach(confinement -> confinement.log(LOG));
    }
  }

  /** Formats the time taken, the work per second, and what confined the decoder. */
  String speed(double seconds) {
    return Figures.duration(seconds) + ", " + work.rates(seconds) + sandboxes;
  }
}
