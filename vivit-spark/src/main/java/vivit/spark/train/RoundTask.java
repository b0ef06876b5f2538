package vivit.spark.train;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.executor.WorkerDevice;
import vivit.spark.train.RoundPart.WorkerReport;

/** Trains one worker's share of a round in whichever executor it lands. */
final class RoundTask implements PairFlatMapFunction<RoundWork, Integer, RoundPart> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<RunSetup> setup;
  private final StartingPoint start;

  RoundTask(Broadcast<RunSetup> setup, StartingPoint start) {
    this.setup = setup;
    this.start = start;
  }

  @Override
  public Iterator<Tuple2<Integer, RoundPart>> call(RoundWork work)
      throws IOException, InterruptedException {
    WorkerDevice.prepare(TaskContext.get());
    RunSetup run = setup.value();
    Replica replica =
        ReplicaPool.take(
            run.run(),
            Replica.class,
            idle -> idle.isAheadFor(work),
            () -> Replica.open(run, TaskContext.get().cpus()));
    TaskResult result = new TaskResult(run.run(), work.worker(), replica);
    TaskCompletionListener release = context -> result.release();
    TaskContext.get().addTaskCompletionListener(release);
    result.report = replica.train(work, start);
    long clips = result.report.steps().stream().mapToLong(RoundPart.StepReport::clips).sum();
    result.finite = result.report.steps().stream().allMatch(step -> step.nonFinite().isEmpty());
    if (clips > 0 && result.finite) {
      result.contributions =
          new Contributions(work.worker(), clips, replica.parameters(), replica.momentum(), start);
    }
    return result;
  }

  /** The report, then the slices; the replica is free again when all have been fetched. */
  private static final class TaskResult implements Iterator<Tuple2<Integer, RoundPart>> {
    private final String run;
    private final int worker;
    private final Replica replica;
    private WorkerReport report;
    private Contributions contributions;
    private boolean finite;
    private boolean reported;

    TaskResult(String run, int worker, Replica replica) {
      this.run = run;
      this.worker = worker;
      this.replica = replica;
    }

    @Override
    public boolean hasNext() {
      return !reported || (contributions != null && contributions.hasNext());
    }

    @Override
    public Tuple2<Integer, RoundPart> next() {
      if (!reported) {
        reported = true;
        return new Tuple2<>(worker, report);
      }
      return contributions.next();
    }

    /** A replica whose round went wrong in any way is not used again. */
    private void release() {
      if (hasNext() || !finite) {
        replica.close();
      } else {
        ReplicaPool.put(run, replica);
      }
    }
  }
}
