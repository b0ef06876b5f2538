package vivit.spark.train;

import java.io.IOException;
import java.util.List;
import vivit.spark.config.AveragingSettings.States;
import vivit.spark.exchange.Packing;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceStore;
import vivit.spark.exchange.Slicing;

/**
 * The end of a worker's round of several steps: what it contributes, and what it keeps for itself.
 *
 * <p>Where the wire loses digits, a worker contributes the difference between the parameters that
 * it started from and its own. With int8 it adds what the wire lost of its earlier differences, and
 * keeps what it loses of this one: error feedback (Karimireddy et al., 2019).
 */
final class WorkerEnd {
  private final SliceStore store;
  private final RoundVectors start;
  private final RoundOrder order;
  private final WorkerVectors own;

  WorkerEnd(SliceStore store, RoundVectors start, int worker) {
    this.store = store;
    this.start = start;
    this.order = start.order();
    this.own = start.of(worker);
  }

  /** Keeps the worker's own states, if it has any. */
  void keepStates(List<Long> trained) {
    List<String> names = order.states().names();
    for (int i = 0; order.states().fate() == States.KEEP && i < names.size(); i++) {
      own.keep(names.get(i), trained.get(i + 1));
    }
  }

  /** Keeps what the worker has not yet contributed, in a round in which it has no clips. */
  void carry() throws IOException {
    for (int i = 0; order.wire() == Packing.INT8 && i < order.slicing().count(); i++) {
      own.keep(WorkerVectors.RESIDUAL, i, own.request(WorkerVectors.RESIDUAL, i).await());
    }
  }

  /**
   * Makes the slices of what the worker contributes of its parameters.
   *
   * @param address of its parameters
   * @param into receives the slices
   * @return the squared distance of its parameters from those that it started from
   */
  double contribute(long address, List<Slice> into) throws IOException {
    Slicing slicing = order.slicing();
    double squares = 0;
    for (int i = 0; i < slicing.count(); i++) {
      Slice trained = store.copy(address, slicing, i);
      into.add(trained);
      float[] difference = difference(i, trained);
      for (float value : difference) {
        squares += (double) value * value;
      }
      if (order.wire() != Packing.FLOAT32) {
        into.set(into.size() - 1, pack(i, difference));
        trained.close();
      }
    }
    return squares;
  }

  private float[] difference(int slice, Slice trained) throws IOException {
    float[] difference = new float[trained.length()];
    float[] end = new float[trained.length()];
    trained.floats().get(end);
    try (Slice first = start.here(RoundOrder.PARAMETERS, slice)) {
      first.floats().get(difference);
    }
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= end[i];
    }
    return difference;
  }

  private Slice pack(int slice, float[] difference) throws IOException {
    Slice packed = store.allocate(order.wire().packedLength(difference.length));
    if (order.wire() != Packing.INT8) {
      order.wire().pack(difference, packed);
      return packed;
    }
    float[] lost = new float[difference.length];
    try (ComingSlice coming = own.request(WorkerVectors.RESIDUAL, slice)) {
      coming.await().floats().get(lost);
    }
    for (int i = 0; i < difference.length; i++) {
      difference[i] += lost[i];
    }
    float[] arrived = difference.clone();
    order.wire().pack(arrived, packed);
    for (int i = 0; i < difference.length; i++) {
      lost[i] = difference[i] - arrived[i];
    }
    Slice residual = store.allocate(difference.length);
    residual.floats().put(lost);
    own.keep(WorkerVectors.RESIDUAL, slice, residual);
    return packed;
  }
}
