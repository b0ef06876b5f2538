package vivit.spark.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import vivit.spark.exchange.Slice;
import vivit.spark.exchange.SliceStore;
import vivit.spark.exchange.SliceTable;
import vivit.spark.exchange.Slicing;
import vivit.spark.train.RoundOrder.Averaging;
import vivit.spark.train.SumTree.Node;

/**
 * What the workers of one task contribute, added up along the tree as far as they are neighbours in
 * it. Belongs to the round's next version.
 */
final class ContributionSums implements AutoCloseable {
  private static final int CHUNK = 1 << 13;

  private final SliceStore store;
  private final RoundVectors start;
  private final RoundOrder order;
  private final SumTree tree;
  private final Deque<Sum> sums = new ArrayDeque<>();
  private final float[] a = new float[CHUNK];
  private final float[] b = new float[CHUNK];

  /** Slices of all contributed vectors, vector after vector; packed where the order says so. */
  private record Sum(WeightedSum weight, List<Slice> slices) {}

  ContributionSums(SliceStore store, RoundVectors start) {
    this.store = store;
    this.start = start;
    this.order = start.order();
    this.tree = new SumTree(order.workers());
  }

  /**
   * Adds a worker's contribution; workers come in ascending order.
   *
   * @return the squared distance of its parameters from those that it started from, if vectors are
   *     averaged
   */
  double add(int worker, long clips, Replica replica) throws IOException {
    List<Slice> slices = new ArrayList<>();
    double moved = 0;
    if (order.averaging() == Averaging.VECTORS) {
      moved = end(worker, clips, replica.trained(), slices);
    } else if (clips > 0) {
      copy(replica.gradient(), slices);
    }
    sums.push(new Sum(new WeightedSum(new Node(worker, worker + 1), clips), slices));
    while (sums.size() > 1 && mergeLast()) {
      continue;
    }
    return moved;
  }

  private double end(int worker, long clips, List<Long> trained, List<Slice> slices)
      throws IOException {
    WorkerEnd end = new WorkerEnd(store, start, worker);
    end.keepStates(trained);
    if (clips == 0) {
      end.carry();
      return 0;
    }
    double moved = end.contribute(trained.get(0), slices);
    for (int vector = 1; vector < order.contributed().size(); vector++) {
      copy(trained.get(vector), slices);
    }
    return moved;
  }

  private void copy(long address, List<Slice> into) {
    for (int i = 0; i < order.slicing().count(); i++) {
      into.add(store.copy(address, order.slicing(), i));
    }
  }

  private boolean mergeLast() {
    Iterator<Sum> newest = sums.iterator();
    Sum right = newest.next();
    Sum left = newest.next();
    if (!tree.areSiblings(left.weight().node(), right.weight().node())) {
      return false;
    }
    sums.pop();
    sums.pop();
    long clips = left.weight().clips() + right.weight().clips();
    Node parent = new Node(left.weight().node().from(), right.weight().node().to());
    unpack(left);
    unpack(right);
    List<Slice> merged = left.slices();
    if (left.weight().clips() == 0) {
      merged = right.slices();
    } else if (right.weight().clips() > 0) {
      for (int i = 0; i < merged.size(); i++) {
        merge(merged.get(i), left.weight().clips(), right.slices().get(i), right.weight().clips());
      }
      right.slices().forEach(Slice::close);
    }
    sums.push(new Sum(new WeightedSum(parent, clips), merged));
    return true;
  }

  /** Replaces the packed slices of a sum by those of the values that they hold. */
  private void unpack(Sum sum) {
    Slicing slicing = order.slicing();
    for (int i = 0;
        order.isPacked(sum.weight().node()) && i < Math.min(slicing.count(), sum.slices().size());
        i++) {
      try (Slice packed = sum.slices().get(i)) {
        float[] values = new float[slicing.length(i)];
        order.wire().unpack(packed, values);
        Slice unpacked = store.allocate(values.length);
        unpacked.floats().put(values);
        sum.slices().set(i, unpacked);
      }
    }
  }

  private void merge(Slice left, long leftClips, Slice right, long rightClips) {
    FloatBuffer sum = left.floats();
    FloatBuffer other = right.floats();
    for (int at = 0; at < left.length(); at += CHUNK) {
      int count = Math.min(CHUNK, left.length() - at);
      sum.position(at).get(a, 0, count);
      other.position(at).get(b, 0, count);
      WeightedSum.merge(a, leftClips, b, rightClips, count);
      sum.position(at).put(a, 0, count);
    }
  }

  /** Lets other executors fetch the sums; returns what there is. */
  List<WeightedSum> publish() {
    List<WeightedSum> published = new ArrayList<>();
    SliceTable state = order.state();
    for (Sum sum : sums) {
      published.add(sum.weight());
      Iterator<Slice> slices = sum.slices().iterator();
      for (String vector : order.contributed()) {
        for (int i = 0; i < order.slicing().count() && slices.hasNext(); i++) {
          store.put(state.nextName(sum.weight().node().sum(vector), i), slices.next());
        }
      }
    }
    sums.clear();
    return published;
  }

  @Override
  public void close() {
    sums.forEach(sum -> sum.slices().forEach(Slice::close));
    sums.clear();
  }
}
