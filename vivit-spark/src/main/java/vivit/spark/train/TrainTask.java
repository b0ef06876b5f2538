package vivit.spark.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import vivit.dataprep.job.Tasks;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Peer;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.executor.WorkerDevice;
import vivit.spark.train.RoundPart.WorkerReport;
import vivit.spark.train.RoundPlanner.RoundWork;
import vivit.spark.train.TaskPhases.Phase;
import vivit.spark.train.TrainTask.Share;
import vivit.spark.train.TrainTask.Trained;

/**
 * First half of a round: trains some of the workers in turn, on any executor, and keeps what they
 * contribute there, added up as far as possible.
 */
final class TrainTask implements Tasks.Task<Share, Trained> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<RunSetup> setup;
  private final RoundOrder order;

  TrainTask(Broadcast<RunSetup> setup, RoundOrder order) {
    this.setup = setup;
    this.order = order;
  }

  /**
   * The work of a task.
   *
   * @param works of successive workers
   * @param copies slices of which this executor is to keep a copy
   * @param writings of a checkpoint, to be begun in the background
   * @param threads that compute
   * @param place executor that should run it
   */
  record Share(
      List<RoundWork> works,
      List<Integer> copies,
      List<VectorWriting> writings,
      int threads,
      String place)
      implements Serializable {}

  /**
   * The result of a task.
   *
   * @param peer executor that ran it, which by now has the vectors that every worker needs
   * @param sums that the executor keeps
   * @param copies slices of which it keeps a copy
   * @param written files of a checkpoint that the executor has completed
   * @param phases where the task's time went
   */
  record Trained(
      Peer peer,
      List<WorkerReport> reports,
      List<WeightedSum> sums,
      List<Integer> copies,
      List<VectorWriting.Written> written,
      TaskPhases phases)
      implements Serializable {}

  @Override
  public Trained run(Share share, Configuration hadoop) throws IOException {
    try {
      return run(share);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Stopped while training");
    }
  }

  private Trained run(Share share) throws IOException, InterruptedException {
    TaskPhases.Clock clock = new TaskPhases.Clock();
    WorkerDevice.prepare(TaskContext.get(), share.threads());
    RunSetup run = setup.value();
    RoundVectors vectors = new RoundVectors(Exchange.get(), order);
    // If executors are lost now, the round before may have to be repeated.
    vectors.dropBefore(order.state().version() - 1);
    share.writings().forEach(writing -> writing.begin(run.conf().value()));
    vectors.gather();
    clock.end(Phase.GATHER);
    List<WorkerReport> reports = new ArrayList<>();
    List<WeightedSum> kept = List.of();
    try (RoundVectors.Arrivals copies = vectors.begin(share.copies());
        ContributionSums sums = new ContributionSums(Exchange.get().store(), vectors)) {
      for (RoundWork work : share.works()) {
        reports.add(train(run, work, vectors, sums, share.threads(), clock));
      }
      copies.await();
      if (reports.stream().allMatch(WorkerReport::finite)) {
        kept = sums.publish();
      }
    }
    clock.end(Phase.CONTRIBUTE);
    return new Trained(
        Exchange.get().self(),
        reports,
        kept,
        share.copies(),
        VectorWriting.ended(),
        clock.phases(Exchange.get()));
  }

  private static WorkerReport train(
      RunSetup run,
      RoundWork work,
      RoundVectors vectors,
      ContributionSums sums,
      int threads,
      TaskPhases.Clock clock)
      throws IOException, InterruptedException {
    Replica replica =
        ReplicaPool.take(
            run.run(),
            Replica.class,
            idle -> idle.isAheadFor(work),
            () -> Replica.open(run, threads));
    boolean reusable = false;
    try {
      WorkerReport report = replica.train(work, vectors, clock);
      if (report.finite()) {
        double moved = sums.add(work.worker(), clips(report), replica);
        clock.end(Phase.CONTRIBUTE);
        reusable = true;
        return report.moved(moved);
      }
      return report;
    } finally {
      if (reusable) {
        ReplicaPool.put(run.run(), replica);
      } else {
        replica.close();
      }
    }
  }

  private static long clips(WorkerReport report) {
    return report.steps().stream().mapToLong(RoundPart.StepOutcome::clips).sum();
  }
}
