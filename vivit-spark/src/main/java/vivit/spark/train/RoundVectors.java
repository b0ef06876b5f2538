package vivit.spark.train;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceName;
import vivit.spark.exchange.SliceStore;
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

  /** Fetches from their owners the slices that every worker needs and that are not here. */
  void gather() throws IOException {
    synchronized (GATHERING) {
      List<Integer> all = IntStream.range(0, order.slicing().count()).boxed().toList();
      try (Arrivals arrivals = request(order.needed(), all)) {
        arrivals.await();
      }
    }
  }

  /** Begins to fetch copies of slices that only their owners need. */
  Arrivals begin(List<Integer> copies) {
    return request(order.owned(), copies);
  }

  private Arrivals request(List<String> vectors, List<Integer> slices) {
    Arrivals arrivals = new Arrivals(exchange.store());
    SliceTable state = order.state();
    for (String vector : vectors) {
      for (int slice : slices) {
        SliceName name = state.name(vector, slice);
        if (!exchange.store().has(name)) {
          arrivals.add(name, ComingSlice.of(exchange, state, order.slicing(), vector, slice));
        }
      }
    }
    return arrivals;
  }

  /** Slices on their way into the store; those that have not arrived when it is closed are lost. */
  static final class Arrivals implements AutoCloseable {
    private final SliceStore store;
    private final Deque<SliceName> names = new ArrayDeque<>();
    private final Deque<ComingSlice> coming = new ArrayDeque<>();

    private Arrivals(SliceStore store) {
      this.store = store;
    }

    private void add(SliceName name, ComingSlice slice) {
      names.add(name);
      coming.add(slice);
    }

    /** Waits until all are in the store. */
    void await() throws IOException {
      while (!coming.isEmpty()) {
        store.put(names.element(), coming.element().await());
        names.remove();
        coming.remove();
      }
    }

    @Override
    public void close() {
      coming.forEach(ComingSlice::close);
    }
  }

  /**
   * Overwrites the vectors of a worker.
   *
   * @param addresses of its parameters and of its states, as far as the round needs them
   */
  void load(List<Long> addresses) throws IOException {
    List<String> vectors = order.needed();
    for (int vector = 0; vector < vectors.size(); vector++) {
      copy(vectors.get(vector), addresses.get(vector));
    }
  }

  private void copy(String vector, long address) throws IOException {
    Slicing slicing = order.slicing();
    for (int slice = 0; slice < slicing.count(); slice++) {
      try (Slice here = here(vector, slice)) {
        here.copyTo(address + slicing.from(slice) * Float.BYTES);
      }
    }
  }

  /** The vectors that one worker has for itself. */
  WorkerVectors of(int worker) {
    return new WorkerVectors(exchange, order, worker);
  }

  /** A slice of a vector that every worker needs; closed by the caller. */
  Slice here(String vector, int slice) throws IOException {
    SliceName name = order.state().name(vector, slice);
    return exchange.store().get(name).orElseThrow(() -> new IOException(name + " is gone"));
  }

  RoundOrder order() {
    return order;
  }
}
