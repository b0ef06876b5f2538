package vivit.spark.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import vivit.spark.checkpoint.Checkpoint;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.executor.ReplicaPool;
import vivit.spark.train.RoundPart.Averaged;
import vivit.spark.train.RoundPart.WorkerReport;

/**
 * The rounds of a run, seen from the driver: one Spark job each, from one average to the next.
 *
 * <p>The driver holds the averaged vectors once, whatever the number of workers.
 */
public final class PlannedRounds implements AutoCloseable {
  private final JavaSparkContext sc;
  private final String run;
  private final Broadcast<RunSetup> setup;
  private final SlicedVector parameters;
  private final SlicedVector momentum;
  private final Optional<SlicedVector> average;

  /** Rounds that begin with these vectors, which now belong to the rounds. */
  public PlannedRounds(
      JavaSparkContext sc,
      RunSetup setup,
      SlicedVector parameters,
      SlicedVector momentum,
      Optional<SlicedVector> average) {
    this.sc = sc;
    this.run = setup.run();
    this.setup = sc.broadcast(setup);
    this.parameters = parameters;
    this.momentum = momentum;
    this.average = average;
  }

  /** The vectors of a checkpoint. */
  Checkpoint.Vectors vectors() {
    return new Checkpoint.Vectors(parameters, momentum, average);
  }

  /** Moves the moving average, if there is one: {@code a <- kept a + (1 - kept) w}. */
  void average(double kept) {
    average.ifPresent(vector -> vector.blend(kept, parameters));
  }

  /**
   * Trains one round on all workers and averages. If any worker found something that is not finite,
   * the vectors stay as they were; its report says what.
   *
   * @return one report per worker, in their order
   */
  List<WorkerReport> train(List<RoundWork> work) {
    StartingPoint start = StartingPoint.of(sc, parameters, momentum);
    try {
      JavaPairRDD<Integer, RoundPart> trained =
          sc.parallelize(work, work.size()).flatMapToPair(new RoundTask(setup, start));
      List<RoundPart> parts = WeightedAverage.collect(trained, start.slices());
      List<WorkerReport> reports = reports(parts);
      if (reports.stream()
          .flatMap(report -> report.steps().stream())
          .allMatch(step -> step.nonFinite().isEmpty())) {
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
      parameters.slice(averaged.slice, averaged.parameters);
      momentum.slice(averaged.slice, averaged.momentum);
    }
  }

  @Override
  public void close() {
    setup.destroy();
    ReplicaPool.end(run);
  }
}
