package vivit.spark.train;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.executor.SlicedBroadcast;

/**
 * Parameters and momentum from which every worker of a round starts. The two vectors may differ in
 * length and number of slices.
 */
public final class StartingPoint implements Serializable {
  private static final long serialVersionUID = 1L;

  private final SlicedBroadcast parameters;
  private final SlicedBroadcast momentum;

  private StartingPoint(SlicedBroadcast parameters, SlicedBroadcast momentum) {
    this.parameters = parameters;
    this.momentum = momentum;
  }

  /** Broadcasts both vectors; {@code momentum} may be null if the updater has no state. */
  public static StartingPoint of(
      JavaSparkContext sc, SlicedVector parameters, SlicedVector momentum) {
    return new StartingPoint(
        SlicedBroadcast.of(sc, parameters),
        momentum == null ? null : SlicedBroadcast.of(sc, momentum));
  }

  /** Number of slices of the longer vector. */
  public int slices() {
    return Math.max(parameters.count(), momentum == null ? 0 : momentum.count());
  }

  /** Number of values in every slice but the last. */
  public int sliceLength() {
    return parameters.sliceLength();
  }

  /** Overwrites a worker's vectors; {@code state} may be null if the updater has none. */
  public void load(INDArray values, INDArray state) {
    parameters.copyTo(values);
    if (state != null && momentum != null) {
      momentum.copyTo(state);
    }
  }

  /** Frees the broadcasts; called on the driver when the round has ended. */
  public void destroy() {
    parameters.destroy();
    if (momentum != null) {
      momentum.destroy();
    }
  }
}
