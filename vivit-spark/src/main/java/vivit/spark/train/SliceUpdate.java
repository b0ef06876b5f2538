package vivit.spark.train;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vivit.model.engine.Descending;
import vivit.model.engine.Engine.Descent;
import vivit.model.parameter.ParameterRates.RateRange;
import vivit.spark.config.AveragingSettings.Outer;
import vivit.spark.exchange.Packing;
import vivit.spark.train.RoundOrder.Averaging;
import vivit.spark.train.SumTree.Node;
import vivit.spark.train.UpdateTask.Change;

/** The arithmetic of an update, slice by slice. Belongs to one thread, whose memory it reuses. */
final class SliceUpdate {
  private static final int CHUNK = 1 << 13;

  private final RoundOrder order;
  private final Change change;
  private final Node root;
  private final Map<Node, Long> held = new HashMap<>();
  private final float[] parameters = new float[CHUNK];
  private final float[][] states;
  private final float[] gradient = new float[CHUNK];
  private final float[] average = new float[CHUNK];
  private final float[] start = new float[CHUNK];
  private final float[] outer = new float[CHUNK];

  /** Memory for right children, by depth. */
  private final List<float[]> right = new ArrayList<>();

  /**
   * Prepares updates.
   *
   * @param sums disjoint, over all workers
   */
  SliceUpdate(RoundOrder order, List<WeightedSum> sums, Change change) {
    this.order = order;
    this.change = change;
    this.states = new float[order.states().names().size()][CHUNK];
    this.root = new SumTree(order.workers()).root();
    sums.forEach(sum -> held.put(sum.node(), sum.clips()));
  }

  /**
   * Computes a slice of all vectors.
   *
   * @param sums values of the slice by node, one buffer per contributed vector
   * @param state values of the slice at the version that the round started from, by vector
   * @param results receive the values of the next version, by vector
   * @return what came of it
   */
  Result compute(
      int slice,
      Map<Node, List<FloatBuffer>> sums,
      Map<String, FloatBuffer> state,
      Map<String, FloatBuffer> results) {
    boolean finite = true;
    double squares = 0;
    int averaged = order.commonStates().size();
    for (Segment segment : segments(order.slicing().from(slice), order.slicing().length(slice))) {
      int at = segment.at();
      int count = segment.count();
      if (order.averaging() == Averaging.GRADIENTS) {
        mean(root, 0, sums, 0, at, count, gradient);
        state.get(RoundOrder.PARAMETERS).position(at).get(parameters, 0, count);
        for (int i = 0; i < averaged; i++) {
          state.get(order.commonStates().get(i)).position(at).get(states[i], 0, count);
        }
        Descending.apply(parameters, states, gradient, count, segment.descent());
      } else {
        mean(root, 0, sums, 0, at, count, parameters);
        for (int i = 0; i < averaged; i++) {
          mean(root, 0, sums, i + 1, at, count, states[i]);
        }
        squares += step(state, at, count);
      }
      finite &= areFinite(parameters, count);
      results.get(RoundOrder.PARAMETERS).position(at).put(parameters, 0, count);
      for (int i = 0; i < averaged; i++) {
        finite &= areFinite(states[i], count);
        results.get(order.commonStates().get(i)).position(at).put(states[i], 0, count);
      }
      if (results.containsKey(RoundOrder.OUTER)) {
        if (order.averaging() == Averaging.GRADIENTS) {
          state.get(RoundOrder.OUTER).position(at).get(outer, 0, count);
        }
        finite &= areFinite(outer, count);
        results.get(RoundOrder.OUTER).position(at).put(outer, 0, count);
      }
      if (results.containsKey(RoundOrder.AVERAGE)) {
        state.get(RoundOrder.AVERAGE).position(at).get(average, 0, count);
        double kept = change.averageKept();
        for (int i = 0; i < count; i++) {
          average[i] = (float) (kept * average[i] + (1 - kept) * parameters[i]);
        }
        results.get(RoundOrder.AVERAGE).position(at).put(average, 0, count);
      }
    }
    return new Result(finite, squares);
  }

  /**
   * The end of a slice.
   *
   * @param finite whether all values are finite
   * @param moved sum of the squares of the workers' mean difference, where vectors are averaged
   */
  record Result(boolean finite, double moved) {}

  /**
   * Turns the workers' mean, or mean difference, into new parameters; returns the sum of the
   * squares of the difference.
   */
  private double step(Map<String, FloatBuffer> state, int at, int count) {
    state.get(RoundOrder.PARAMETERS).position(at).get(start, 0, count);
    OuterStep rule = change.outer();
    if (rule.outer() != Outer.AVERAGE) {
      state.get(RoundOrder.OUTER).position(at).get(outer, 0, count);
    }
    boolean differences = order.wire() != Packing.FLOAT32;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      float difference = differences ? parameters[i] : start[i] - parameters[i];
      squares += (double) difference * difference;
      gradient[i] = difference;
    }
    if (differences || rule.outer() != Outer.AVERAGE) {
      rule.apply(start, gradient, outer, parameters, count);
    }
    return squares;
  }

  /** Whether no value is NaN or infinite; four sums, because an addition waits for the last. */
  private static boolean areFinite(float[] values, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      a += values[i] * 0;
      b += values[i + 1] * 0;
      c += values[i + 2] * 0;
      d += values[i + 3] * 0;
    }
    for (; i < count; i++) {
      a += values[i] * 0;
    }
    return a + b + c + d == 0;
  }

  /** Computes the mean of a node; returns the clips behind it. */
  private long mean(
      Node node,
      int depth,
      Map<Node, List<FloatBuffer>> sums,
      int vector,
      int at,
      int count,
      float[] into) {
    Long clips = held.get(node);
    if (clips != null) {
      if (clips > 0) {
        sums.get(node).get(vector).position(at).get(into, 0, count);
      }
      return clips;
    }
    if (node.isLeaf()) {
      throw new IllegalStateException(
          "Nobody holds what worker %d contributed".formatted(node.from()));
    }
    if (right.size() == depth) {
      right.add(new float[CHUNK]);
    }
    float[] other = right.get(depth);
    long left = mean(node.left(), depth + 1, sums, vector, at, count, into);
    long more = mean(node.right(), depth + 1, sums, vector, at, count, other);
    WeightedSum.merge(into, left, other, more, count);
    return left + more;
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
          new Descent(
              change.rule(), change.updates(), 1, 1, change.learningRate(), range.factor(), keep);
      for (long at = first; at < end; at += CHUNK) {
        segments.add(new Segment((int) (at - from), (int) Math.min(CHUNK, end - at), descent));
      }
    }
    return segments;
  }
}
