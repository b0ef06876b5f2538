package vivit.spark.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import vivit.dataprep.job.Tasks;
import vivit.model.engine.Engine.Descent;
import vivit.model.engine.MomentumDescent;
import vivit.model.parameter.ParameterRates;
import vivit.model.parameter.ParameterRates.RateRange;
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
  private static final int CHUNK = 1 << 13;

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
   * @param averageKept share of the moving average that is kept
   */
  record Change(
      ParameterRates rates,
      double momentum,
      double learningRate,
      double weightDecay,
      double averageKept)
      implements Serializable {}

  /**
   * The slices of a task.
   *
   * @param place executor that should run it
   */
  record Part(List<Integer> slices, String place) implements Serializable {}

  /**
   * The slices that an executor now owns.
   *
   * @param finite whether all their values are finite
   * @param phases where the task's time went
   */
  record Updated(Peer peer, List<Integer> slices, boolean finite, TaskPhases phases)
      implements Serializable {}

  UpdateTask(RoundOrder order, Contributed contributed, Change change) {
    this.order = order;
    this.contributed = contributed;
    this.change = change;
  }

  /** The inputs of a slice: sums by node and vector, then state by vector. */
  private record Inputs(
      int slice,
      Map<Node, List<CompletableFuture<Slice>>> sums,
      Map<String, CompletableFuture<Slice>> state) {}

  @Override
  public Updated run(Part part, Configuration hadoop) throws IOException {
    TaskPhases.Clock clock = new TaskPhases.Clock();
    Exchange exchange = Exchange.get();
    new RoundVectors(exchange, order).dropBefore(order.state().version());
    Deque<Inputs> coming = new ArrayDeque<>();
    Iterator<Integer> next = part.slices().iterator();
    boolean finite = true;
    while (next.hasNext() || !coming.isEmpty()) {
      while (next.hasNext() && coming.size() <= AHEAD) {
        coming.add(request(exchange, next.next()));
      }
      finite &= update(exchange, coming.remove(), clock);
    }
    return new Updated(exchange.self(), part.slices(), finite, clock.phases(exchange));
  }

  private Inputs request(Exchange exchange, int slice) {
    int length = order.slicing().length(slice);
    Map<Node, List<CompletableFuture<Slice>>> sums = new HashMap<>();
    for (int i = 0; i < contributed.sums().size(); i++) {
      WeightedSum sum = contributed.sums().get(i);
      if (sum.clips() > 0) {
        List<CompletableFuture<Slice>> vectors = new ArrayList<>();
        for (String vector : order.contributed()) {
          SliceName name = order.state().nextName(sum.node().sum(vector), slice);
          vectors.add(exchange.obtain(List.of(contributed.holders().get(i)), name, length));
        }
        sums.put(sum.node(), vectors);
      }
    }
    Map<String, CompletableFuture<Slice>> state = new HashMap<>();
    for (String vector : order.state().vectors()) {
      if (isRead(vector)) {
        state.put(
            vector,
            exchange.obtain(
                order.state().holders(vector, slice), order.state().name(vector, slice), length));
      }
    }
    return new Inputs(slice, sums, state);
  }

  /** Averaged vectors replace the former ones. */
  private boolean isRead(String vector) {
    return order.averaging() == Averaging.GRADIENTS || vector.equals(RoundOrder.AVERAGE);
  }

  /** Computes and keeps a slice; returns whether all values are finite. */
  private boolean update(Exchange exchange, Inputs inputs, TaskPhases.Clock clock)
      throws IOException {
    List<Slice> held = new ArrayList<>();
    Map<String, Slice> results = new HashMap<>();
    try {
      Map<Node, List<Slice>> sums = new HashMap<>();
      for (Map.Entry<Node, List<CompletableFuture<Slice>>> sum : inputs.sums().entrySet()) {
        List<Slice> arrived = new ArrayList<>();
        for (CompletableFuture<Slice> vector : sum.getValue()) {
          arrived.add(RoundVectors.arrived(vector));
          held.add(arrived.get(arrived.size() - 1));
        }
        sums.put(sum.getKey(), arrived);
      }
      Map<String, Slice> state = new HashMap<>();
      for (Map.Entry<String, CompletableFuture<Slice>> vector : inputs.state().entrySet()) {
        Slice arrived = RoundVectors.arrived(vector.getValue());
        held.add(arrived);
        state.put(vector.getKey(), arrived);
      }
      clock.end(Phase.FETCH);
      int length = order.slicing().length(inputs.slice());
      for (String vector : order.state().vectors()) {
        results.put(vector, exchange.store().allocate(length));
      }
      boolean finite = compute(inputs.slice(), sums, state, results);
      for (Map.Entry<String, Slice> result : results.entrySet()) {
        exchange
            .store()
            .put(order.state().nextName(result.getKey(), inputs.slice()), result.getValue());
      }
      results.clear();
      clock.end(Phase.UPDATE);
      return finite;
    } finally {
      held.forEach(Slice::close);
      results.values().forEach(Slice::close);
    }
  }

  private boolean compute(
      int slice,
      Map<Node, List<Slice>> sums,
      Map<String, Slice> state,
      Map<String, Slice> results) {
    long from = order.slicing().from(slice);
    int length = order.slicing().length(slice);
    Node root = new SumTree(order.workers()).root();
    float[] momentum = new float[CHUNK];
    float[] average = new float[CHUNK];
    boolean finite = true;
    for (Segment segment : segments(from, length)) {
      int at = segment.at();
      int count = segment.count();
      float[] parameters;
      if (order.averaging() == Averaging.GRADIENTS) {
        float[] gradient = mean(root, sums, 0, at, count).values();
        parameters = new float[count];
        state.get(RoundOrder.PARAMETERS).floats().position(at).get(parameters, 0, count);
        state.get(RoundOrder.MOMENTUM).floats().position(at).get(momentum, 0, count);
        MomentumDescent.apply(parameters, momentum, gradient, count, segment.descent());
      } else {
        parameters = mean(root, sums, 0, at, count).values();
        momentum = mean(root, sums, 1, at, count).values();
      }
      finite &= areFinite(parameters, count) && areFinite(momentum, count);
      results.get(RoundOrder.PARAMETERS).floats().position(at).put(parameters, 0, count);
      results.get(RoundOrder.MOMENTUM).floats().position(at).put(momentum, 0, count);
      if (results.containsKey(RoundOrder.AVERAGE)) {
        state.get(RoundOrder.AVERAGE).floats().position(at).get(average, 0, count);
        double kept = change.averageKept();
        for (int i = 0; i < count; i++) {
          average[i] = (float) (kept * average[i] + (1 - kept) * parameters[i]);
        }
        results.get(RoundOrder.AVERAGE).floats().position(at).put(average, 0, count);
      }
    }
    return finite;
  }

  private static boolean areFinite(float[] values, int count) {
    float zero = 0;
    for (int i = 0; i < count; i++) {
      zero += values[i] * 0;
    }
    return zero == 0;
  }

  /** The values of a node and the clips behind them. */
  private record Mean(float[] values, long clips) {}

  private Mean mean(Node node, Map<Node, List<Slice>> sums, int vector, int at, int count) {
    for (WeightedSum sum : contributed.sums()) {
      if (sum.node().equals(node)) {
        float[] values = new float[count];
        if (sum.clips() > 0) {
          sums.get(node).get(vector).floats().position(at).get(values, 0, count);
        }
        return new Mean(values, sum.clips());
      }
    }
    if (node.isLeaf()) {
      throw new IllegalStateException(
          "Nobody holds what worker %d contributed".formatted(node.from()));
    }
    Mean left = mean(node.left(), sums, vector, at, count);
    Mean right = mean(node.right(), sums, vector, at, count);
    WeightedSum.merge(left.values(), left.clips(), right.values(), right.clips(), count);
    return new Mean(left.values(), left.clips() + right.clips());
  }

  /**
   * Values of a slice with the same rate.
   *
   * @param at first value, counted from the start of the slice
   */
  private record Segment(int at, int count, Descent descent) {}

  private List<Segment> segments(long from, int length) {
    List<Segment> segments = new ArrayList<>();
    for (RateRange range : change.rates().ranges()) {
      long first = Math.max(from, range.from());
      long end = Math.min(from + length, range.to());
      double keep =
          range.decays() ? 1 - change.learningRate() * range.factor() * change.weightDecay() : 1;
      Descent descent =
          new Descent(1, 1, change.momentum(), change.learningRate(), range.factor(), keep);
      for (long at = first; at < end; at += CHUNK) {
        segments.add(new Segment((int) (at - from), (int) Math.min(CHUNK, end - at), descent));
      }
    }
    return segments;
  }
}
