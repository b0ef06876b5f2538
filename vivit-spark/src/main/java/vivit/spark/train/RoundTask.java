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
import vivit.spark.train.RoundPlanner.RoundWork;

/** Trains one worker's share of a round, on any executor. */
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
    TaskResult result = new TaskResult(run.run(), replica);
    TaskCompletionListener release = context -> result.release();
    TaskContext.get().addTaskCompletionListener(release);
    result.train(work, start);
    return result;
  }

  /** Iterates over the report, then the slices; releases the replica when all have been fetched. */
  private static final class TaskResult implements Iterator<Tuple2<Integer, RoundPart>> {
    private final String run;
    private final Replica replica;
    private WorkerReport report;
    private Contributions contributions;
    private boolean reported;

    TaskResult(String run, Replica replica) {
      this.run = run;
      this.replica = replica;
    }

    void train(RoundWork work, StartingPoint start) throws IOException, InterruptedException {
      report = replica.train(work, start);
      long clips = report.steps().stream().mapToLong(RoundPart.StepOutcome::clips).sum();
      if (clips > 0 && report.finite()) {
        contributions =
            new Contributions(
                work.worker(), clips, replica.parameters(), replica.momentum(), start);
      }
    }

    @Override
    public boolean hasNext() {
      return !reported || (contributions != null && contributions.hasNext());
    }

    @Override
    public Tuple2<Integer, RoundPart> next() {
      if (!reported) {
        reported = true;
        return new Tuple2<>(report.worker(), report);
      }
      return contributions.next();
    }

    /** Returns the replica to the pool after a successful round; closes it otherwise. */
    private void release() {
      if (hasNext() || !report.finite()) {
        replica.close();
      } else {
        ReplicaPool.put(run, replica);
      }
    }
  }
}
