package vivit.spark.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.train.RoundPart.Averaged;
import vivit.spark.train.RoundPart.WorkerReport;
import vivit.spark.train.RoundPlanner.RoundWork;

/**
 * The rounds of a run on the driver: one Spark job each, from one average to the next.
 *
 * <p>The driver holds a single copy of the averaged vectors, independent of the number of workers.
 */
final class TrainingRounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRounds.class);

  private final JavaSparkContext sc;
  private final String run;
  private final Broadcast<RunSetup> setup;
  private final Checkpoint.Vectors vectors;

  /** Creates rounds that start from these vectors, which then belong to the rounds. */
  TrainingRounds(JavaSparkContext sc, RunSetup setup, Checkpoint.Vectors vectors) {
    this.sc = sc;
    this.run = setup.run();
    this.setup = sc.broadcast(setup);
    this.vectors = vectors;
  }

  /** The vectors of a checkpoint. */
  Checkpoint.Vectors vectors() {
    return vectors;
  }

  /** Updates the moving average, if the run keeps one: {@code a <- kept a + (1 - kept) w}. */
  void updateMovingAverage(double kept) {
    vectors.average().ifPresent(average -> average.blend(kept, vectors.parameters()));
  }

  /**
   * Trains one round on all workers and averages them. A round with NaN or infinity on a worker
   * leaves the vectors unchanged.
   *
   * @param retries number of times that such a round is retried
   * @return one report per worker, in the order of the workers
   * @throws NonFiniteException if the last attempt also has NaN or infinity
   */
  List<WorkerReport> train(List<RoundWork> work, int retries) {
    for (int attempt = 0; ; attempt++) {
      List<WorkerReport> reports = train(work);
      String problem = NonFiniteException.describe(reports);
      if (problem.isEmpty()) {
        return reports;
      }
      if (attempt >= retries) {
        throw new NonFiniteException(
            "Training stopped, nothing of this round was kept: "
                + problem
                + ". Lower train.learning-rate.base, limit train.max-gradient-norm, or look at"
                + " these clips; then start train again to continue from the last checkpoint");
      }
      LOG.warn("Retrying the round ({} of {}): {}", attempt + 1, retries, problem);
    }
  }

  private List<WorkerReport> train(List<RoundWork> work) {
    StartingPoint start = StartingPoint.of(sc, vectors.parameters(), vectors.momentum());
    try {
      JavaPairRDD<Integer, RoundPart> trained =
          sc.parallelize(work, work.size()).flatMapToPair(new RoundTask(setup, start));
      List<RoundPart> parts = WeightedAverage.collect(trained, start.slices());
      List<WorkerReport> reports = reports(parts);
      if (reports.stream().allMatch(WorkerReport::finite)) {
        parts.forEach(this::take);
      }
      return reports;
    } finally {
      start.destroy();
    }
  }

  private static List<WorkerReport> reports(List<RoundPart> parts) {
    List<WorkerReport> reports = new ArrayList<>();
    for (RoundPart part : parts) {
      if (part instanceof WorkerReport report) {
        reports.add(report);
      }
    }
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    return reports;
  }

  private void take(RoundPart part) {
    if (part instanceof Averaged averaged) {
      vectors.parameters().slice(averaged.slice, averaged.parameters);
      vectors.momentum().slice(averaged.slice, averaged.momentum);
    }
  }

  @Override
  public void close() {
    setup.destroy();
    ReplicaPool.end(run);
  }
}
