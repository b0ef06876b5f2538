package vivit.spark.train;

import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.job.Tasks;
import vivit.model.engine.UpdateRule;
import vivit.model.parameter.ParameterRates;
import vivit.spark.exchange.Exchange;
import vivit.spark.exchange.Peer;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceName;
import vivit.spark.train.RoundOrder.Averaging;
import vivit.spark.train.SumTree.Node;
import vivit.spark.train.TaskPhases.Phase;
import vivit.spark.train.UpdateTask.Part;
import vivit.spark.train.UpdateTask.Updated;

/**
 * Second half of a round: takes some slices from the version that the round started from to the
 * next, out of what all workers contributed. The executor then owns these slices.
 */
final class UpdateTask implements Tasks.Task<Part, Updated> {
  private static final long serialVersionUID = 1L;

  /** Slices whose inputs are on the way while one is computed. */
  private static final int AHEAD = 4;

  private final RoundOrder order;
  private final Contributed contributed;
  private final Change change;

  /**
   * Who holds what the workers contributed.
   *
   * @param sums disjoint, over all workers
   * @param holders one per sum
   */
  record Contributed(List<WeightedSum> sums, List<Peer> holders) implements Serializable {}

  /**
   * How the vectors change.
   *
   * @param rates of the parameters, for averaged gradients
   * @param updates of the states, this one included
   * @param outer rule for averaged vectors
   * @param averageKept share of the moving average that is kept
   */
  record Change(
      ParameterRates rates,
      UpdateRule rule,
      long updates,
      double learningRate,
      double weightDecay,
      OuterStep outer,
      double averageKept)
      implements Serializable {}

  /**
   * The slices of a task.
   *
   * @param from first slice
   * @param to slice after the last
   * @param threads that compute
   * @param place executor that should run it
   */
  record Part(int from, int to, int threads, String place) implements Serializable {}

  /**
   * The slices that an executor now owns.
   *
   * @param finite whether all their values are finite
   * @param moved per slice, sum of the squares of the workers' mean difference
   * @param phases where the task's time went
   */
  record Updated(Peer peer, Part part, boolean finite, List<Double> moved, TaskPhases phases)
      implements Serializable {}

  UpdateTask(RoundOrder order, Contributed contributed, Change change) {
    this.order = order;
    this.contributed = contributed;
    this.change = change;
  }

  /** The inputs of a slice: sums by node and vector, then state by vector. */
  private record Inputs(
      int slice, Map<Node, List<ComingSlice>> sums, Map<String, ComingSlice> state)
      implements AutoCloseable {

    @Override
    public void close() {
      sums.values().forEach(vectors -> vectors.forEach(ComingSlice::close));
      state.values().forEach(ComingSlice::close);
    }
  }

  @Override
  public Updated run(Part part, Configuration hadoop) throws IOException {
    TaskPhases.Clock clock = new TaskPhases.Clock();
    Exchange exchange = Exchange.get();
    new RoundVectors(exchange, order).dropBefore(order.state().version());
    AtomicInteger next = new AtomicInteger(part.from());
    AtomicBoolean finite = new AtomicBoolean(true);
    Double[] moved = new Double[part.to() - part.from()];
    try (TaskThreads threads = new TaskThreads(Math.min(part.threads(), part.to() - part.from()))) {
      threads.run(
          thread -> {
            TaskPhases.Clock own = thread == 0 ? clock : new TaskPhases.Clock();
            if (!update(exchange, next, part, moved, own)) {
              finite.set(false);
            }
          });
    }
    clock.end(Phase.UPDATE);
    return new Updated(exchange.self(), part, finite.get(), List.of(moved), clock.phases(exchange));
  }

  /** Computes slices until none is left; returns whether all their values are finite. */
  private boolean update(
      Exchange exchange, AtomicInteger next, Part part, Double[] moved, TaskPhases.Clock clock)
      throws IOException {
    SliceUpdate update = new SliceUpdate(order, contributed.sums(), change);
    boolean finite = true;
    Deque<Inputs> coming = new ArrayDeque<>();
    try {
      boolean more = true;
      while (more || !coming.isEmpty()) {
        while (more && coming.size() <= AHEAD) {
          int slice = next.getAndIncrement();
          more = slice < part.to();
          if (more) {
            coming.add(request(exchange, slice));
          }
        }
        if (!coming.isEmpty()) {
          try (Inputs inputs = coming.remove()) {
            SliceUpdate.Result result = update(exchange, inputs, update, clock);
            finite &= result.finite();
            moved[inputs.slice() - part.from()] = result.moved();
          }
        }
      }
      return finite;
    } finally {
      coming.forEach(Inputs::close);
    }
  }

  private Inputs request(Exchange exchange, int slice) {
    int length = order.slicing().length(slice);
    Map<Node, List<ComingSlice>> sums = new HashMap<>();
    for (int i = 0; i < contributed.sums().size(); i++) {
      WeightedSum sum = contributed.sums().get(i);
      if (sum.clips() > 0) {
        List<ComingSlice> vectors = new ArrayList<>();
        for (String vector : order.contributed()) {
          SliceName name = order.state().nextName(sum.node().sum(vector), slice);
          List<Peer> holder = List.of(contributed.holders().get(i));
          boolean packed = vectors.isEmpty() && order.isPacked(sum.node());
          int size = packed ? order.wire().packedLength(length) : length;
          vectors.add(new ComingSlice(exchange.obtain(holder, name, size)));
        }
        sums.put(sum.node(), vectors);
      }
    }
    Map<String, ComingSlice> state = new HashMap<>();
    for (String vector : order.common()) {
      if (isRead(vector)) {
        state.put(vector, ComingSlice.of(exchange, order.state(), order.slicing(), vector, slice));
      }
    }
    return new Inputs(slice, sums, state);
  }

  /** Averaged states replace the former ones. */
  private boolean isRead(String vector) {
    return order.averaging() == Averaging.GRADIENTS || !order.commonStates().contains(vector);
  }

  /** The values of a contributed slice. */
  private FloatBuffer values(Node node, boolean parameters, int slice, Slice arrived) {
    if (!parameters || !order.isPacked(node)) {
      return arrived.floats();
    }
    float[] values = new float[order.slicing().length(slice)];
    order.wire().unpack(arrived, values);
    return FloatBuffer.wrap(values);
  }

  /** Computes and keeps a slice. */
  private SliceUpdate.Result update(
      Exchange exchange, Inputs inputs, SliceUpdate update, TaskPhases.Clock clock)
      throws IOException {
    Map<Node, List<FloatBuffer>> sums = new HashMap<>();
    for (Map.Entry<Node, List<ComingSlice>> sum : inputs.sums().entrySet()) {
      List<FloatBuffer> arrived = new ArrayList<>();
      for (ComingSlice vector : sum.getValue()) {
        Slice slice = vector.await();
        arrived.add(values(sum.getKey(), arrived.isEmpty(), inputs.slice(), slice));
      }
      sums.put(sum.getKey(), arrived);
    }
    Map<String, FloatBuffer> state = new HashMap<>();
    for (Map.Entry<String, ComingSlice> vector : inputs.state().entrySet()) {
      state.put(vector.getKey(), vector.getValue().await().floats());
    }
    clock.end(Phase.FETCH);
    Map<String, Slice> results = new HashMap<>();
    try {
      Map<String, FloatBuffer> values = new HashMap<>();
      for (String vector : order.common()) {
        Slice room = exchange.store().allocate(order.slicing().length(inputs.slice()));
        results.put(vector, room);
        values.put(vector, room.floats());
      }
      SliceUpdate.Result result = update.compute(inputs.slice(), sums, state, values);
      for (Map.Entry<String, Slice> kept : results.entrySet()) {
        exchange
            .store()
            .put(order.state().nextName(kept.getKey(), inputs.slice()), kept.getValue());
      }
      results.clear();
      clock.end(Phase.UPDATE);
      return result;
    } finally {
      results.values().forEach(Slice::close);
    }
  }
}
