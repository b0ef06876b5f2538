package vivit.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Peer;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceName;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;

/** The vectors that a round starts from, on the executor of a task. */
final class RoundVectors {
  /** Tasks of one executor gather once. */
  private static final Object GATHERING = new Object();

  private final Exchange exchange;
  private final RoundOrder order;

  RoundVectors(Exchange exchange, RoundOrder order) {
    this.exchange = exchange;
    this.order = order;
  }

  /**
   * Drops what will not be needed again: other runs, versions before the oldest, and what workers
   * contributed to the version that the round starts from.
   */
  void dropBefore(long oldest) {
    String run = order.state().name(RoundOrder.PARAMETERS, 0).run();
    long start = order.state().version();
    exchange
        .store()
        .drop(
            name ->
                !name.run().equals(run)
                    || (name.version() < oldest && name.version() != order.written())
                    || (name.version() <= start && SumTree.isSum(name.vector())));
  }

  /** Fetches from their owners what is not here: all needed slices, and some of the others. */
  void gather(List<Integer> copies) throws IOException {
    synchronized (GATHERING) {
      List<String> vectors = new ArrayList<>();
      List<Integer> slices = new ArrayList<>();
      for (String vector : order.needed()) {
        for (int slice = 0; slice < order.slicing().count(); slice++) {
          vectors.add(vector);
          slices.add(slice);
        }
      }
      for (String vector : order.owned()) {
        for (int slice : copies) {
          vectors.add(vector);
          slices.add(slice);
        }
      }
      gather(vectors, slices);
    }
  }

  private void gather(List<String> vectors, List<Integer> slices) throws IOException {
    SliceTable state = order.state();
    List<SliceName> names = new ArrayList<>();
    List<ComingSlice> coming = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      SliceName name = state.name(vectors.get(i), slices.get(i));
      if (!exchange.store().has(name)) {
        List<Peer> holders = state.holders(name.vector(), name.slice());
        int length = order.slicing().length(name.slice());
        names.add(name);
        coming.add(new ComingSlice(exchange.obtain(holders, name, length)));
      }
    }
    int arrived = 0;
    try {
      while (arrived < names.size()) {
        exchange.store().put(names.get(arrived), coming.get(arrived).await());
        arrived++;
      }
    } finally {
      coming.subList(arrived, coming.size()).forEach(ComingSlice::close);
    }
  }

  /** Overwrites the vectors of a worker: the addresses of its parameters and of its momentum. */
  void load(long parameters, long momentum) throws IOException {
    List<String> vectors = order.needed();
    copy(vectors.get(0), parameters);
    if (vectors.size() > 1) {
      copy(vectors.get(1), momentum);
    }
  }

  private void copy(String vector, long address) throws IOException {
    Slicing slicing = order.slicing();
    for (int slice = 0; slice < slicing.count(); slice++) {
      SliceName name = order.state().name(vector, slice);
      try (Slice here =
          exchange.store().get(name).orElseThrow(() -> new IOException(name + " is gone"))) {
        here.copyTo(address + slicing.from(slice) * Float.BYTES);
      }
    }
  }

  RoundOrder order() {
    return order;
  }
}
