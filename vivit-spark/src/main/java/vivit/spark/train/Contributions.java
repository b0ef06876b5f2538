package vivit.spark.train;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Tuple2;
import vivit.spark.checkpoint.SlicedVector;
import vivit.spark.train.RoundPart.Contribution;

/**
 * Iterates over the result of a worker as parts keyed by slice, copied from its tensors slice by
 * slice.
 */
public final class Contributions implements Iterator<Tuple2<Integer, RoundPart>> {
  private static final float[] NOTHING = {};

  private final int worker;
  private final long clips;
  private final INDArray parameters;
  private final INDArray momentum;
  private final int sliceLength;
  private final int slices;
  private int next;

  /** Creates the contributions; {@code momentum} may be null if the updater has no state. */
  public Contributions(
      int worker, long clips, INDArray parameters, INDArray momentum, StartingPoint start) {
    this.worker = worker;
    this.clips = clips;
    this.parameters = parameters;
    this.momentum = momentum;
    this.sliceLength = start.sliceLength();
    this.slices = start.slices();
  }

  @Override
  public boolean hasNext() {
    return next < slices;
  }

  @Override
  public Tuple2<Integer, RoundPart> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + slices + " slices are out");
    }
    int slice = next++;
    return new Tuple2<>(
        slice, new Contribution(worker, clips, values(parameters, slice), values(momentum, slice)));
  }

  private float[] values(INDArray array, int slice) {
    return array == null || (long) slice * sliceLength >= array.length()
        ? NOTHING
        : SlicedVector.slice(array, slice, sliceLength);
  }
}
