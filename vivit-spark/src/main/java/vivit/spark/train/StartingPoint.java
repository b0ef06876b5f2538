package vivit.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.spark.checkpoint.SlicedVector;

/**
 * Parameters and momentum that every worker of a round begins with, broadcast slice by slice.
 *
 * <p>Workers share the arrays of a JVM and must not change them. The two vectors may differ in
 * length and number of slices.
 */
public final class StartingPoint implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<Broadcast<float[]>> parameters;
  private final List<Broadcast<float[]>> momentum;
  private final int sliceLength;

  private StartingPoint(
      List<Broadcast<float[]>> parameters, List<Broadcast<float[]>> momentum, int sliceLength) {
    this.parameters = parameters;
    this.momentum = momentum;
    this.sliceLength = sliceLength;
  }

  /** Broadcasts both vectors; {@code momentum} may be null where the updater has no state. */
  public static StartingPoint of(
      JavaSparkContext sc, SlicedVector parameters, SlicedVector momentum) {
    return new StartingPoint(
        broadcast(sc, parameters),
        momentum == null ? new ArrayList<>() : broadcast(sc, momentum),
        parameters.sliceLength());
  }

  private static List<Broadcast<float[]>> broadcast(JavaSparkContext sc, SlicedVector vector) {
    List<Broadcast<float[]>> slices = new ArrayList<>(vector.count());
    for (int i = 0; i < vector.count(); i++) {
      slices.add(sc.broadcast(vector.slice(i)));
    }
    return slices;
  }

  /** Slices of the longer vector. */
  public int slices() {
    return Math.max(parameters.size(), momentum.size());
  }

  public int sliceLength() {
    return sliceLength;
  }

  /** Overwrites a worker's vectors; {@code state} may be null where the updater has none. */
  public void load(INDArray values, INDArray state) {
    place(parameters, values);
    if (state != null) {
      place(momentum, state);
    }
  }

  private void place(List<Broadcast<float[]>> slices, INDArray array) {
    for (int i = 0; i < slices.size(); i++) {
      SlicedVector.place(slices.get(i).value(), array, i, sliceLength);
    }
  }

  /** Frees the broadcasts everywhere; on the driver, when the round is over. */
  public void destroy() {
    parameters.forEach(Broadcast::destroy);
    momentum.forEach(Broadcast::destroy);
  }
}
