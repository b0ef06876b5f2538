package vivit.spark.executor;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.spark.checkpoint.SlicedVector;

/**
 * A flat vector that is broadcast to all executors, one broadcast per slice, so that no message is
 * as long as the vector. Tasks share the arrays of a JVM and must not change them.
 */
public final class SlicedBroadcast implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<Broadcast<float[]>> slices;
  private final int sliceLength;

  private SlicedBroadcast(List<Broadcast<float[]>> slices, int sliceLength) {
    this.slices = slices;
    this.sliceLength = sliceLength;
  }

  /** Broadcasts a vector. */
  public static SlicedBroadcast of(JavaSparkContext sc, SlicedVector vector) {
    List<Broadcast<float[]>> slices = new ArrayList<>(vector.count());
    for (int i = 0; i < vector.count(); i++) {
      slices.add(sc.broadcast(vector.slice(i)));
    }
    return new SlicedBroadcast(slices, vector.sliceLength());
  }

  /** Number of slices. */
  public int count() {
    return slices.size();
  }

  /** Number of values in every slice but the last. */
  public int sliceLength() {
    return sliceLength;
  }

  /** Overwrites a flat float32 array of the vector's length. */
  public void copyTo(INDArray array) {
    for (int i = 0; i < slices.size(); i++) {
      SlicedVector.place(slices.get(i).value(), array, i, sliceLength);
    }
  }

  /** Frees the vector on all executors; called on the driver. */
  public void destroy() {
    slices.forEach(Broadcast::destroy);
  }
}
