package vivit.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceName;

/**
 * The vectors that one worker has for itself, on the executor that trains it in this round: it
 * fetches them from the executor that trained it last, and keeps their next version.
 *
 * <p>There is no second copy of them: a worker's executor may be lost, and then the run goes back
 * to its newest checkpoint.
 */
final class WorkerVectors {
  /** What the network lost of a worker's differences so far. */
  static final String RESIDUAL = "residual";

  private static final char OF = '.';

  private final Exchange exchange;
  private final RoundOrder order;
  private final int worker;

  WorkerVectors(Exchange exchange, RoundOrder order, int worker) {
    this.exchange = exchange;
    this.order = order;
    this.worker = worker;
  }

  /** The name of a worker's vector in tables and checkpoints. */
  static String name(String vector, int worker) {
    return vector + OF + worker;
  }

  /** Whether a vector is a worker's own. */
  static boolean isOwn(String vector) {
    return vector.indexOf(OF) >= 0;
  }

  /** Whether a vector belongs to this worker. */
  static boolean isOf(String vector, int worker) {
    return vector.endsWith("" + OF + worker);
  }

  /** Copies a vector to native memory at an address. */
  void load(String vector, long address) throws IOException {
    List<ComingSlice> coming = new ArrayList<>();
    try {
      for (int slice = 0; slice < order.slicing().count(); slice++) {
        coming.add(request(vector, slice));
      }
      for (int slice = 0; slice < coming.size(); slice++) {
        long from = order.slicing().from(slice) * Float.BYTES;
        coming.get(slice).await().copyTo(address + from);
      }
    } finally {
      coming.forEach(ComingSlice::close);
    }
  }

  /** Asks for a slice. */
  ComingSlice request(String vector, int slice) {
    return ComingSlice.of(exchange, order.state(), order.slicing(), name(vector, worker), slice);
  }

  /** Keeps the next version of a vector, from native memory at an address. */
  void keep(String vector, long address) {
    for (int slice = 0; slice < order.slicing().count(); slice++) {
      keep(vector, slice, exchange.store().copy(address, order.slicing(), slice));
    }
  }

  /** Keeps the next version of a slice; takes over the caller's pin. */
  void keep(String vector, int slice, Slice kept) {
    SliceName name = order.state().nextName(name(vector, worker), slice);
    exchange.store().put(name, kept);
  }
}
