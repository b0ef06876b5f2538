package vivit.spark.dl4j;

import java.util.Iterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import scala.Tuple2;
import vivit.spark.train.Contributions;
import vivit.spark.train.RoundPart;
import vivit.spark.train.StartingPoint;

/** What a worker has after its last minibatch of a round; stays in the worker's JVM. */
public final class RoundResult implements TrainingResult {
  private final ComputationGraph graph;
  private final long examples;
  private final StartingPoint start;

  RoundResult(ComputationGraph graph, long examples, StartingPoint start) {
    this.graph = graph;
    this.examples = examples;
    this.start = start;
  }

  /** Examples trained on: the weight in the average. */
  public long examples() {
    return examples;
  }

  /** The slices to average. */
  Iterator<Tuple2<Integer, RoundPart>> contributions(int worker) {
    return new Contributions(worker, examples, graph.params(), graph.updaterState(), start);
  }

  @Override
  public void setStats(SparkTrainingStats stats) {
    // Rounds are timed by the driver; there is nothing to keep per worker.
  }
}
