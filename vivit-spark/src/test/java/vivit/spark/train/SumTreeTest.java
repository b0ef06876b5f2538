package vivit.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vivit.spark.train.SumTree.Node;

class SumTreeTest {

  @Test
  void fourWorkersAreTwoPairs() {
    SumTree tree = new SumTree(4);
    assertThat(tree.root().left()).isEqualTo(new Node(0, 2));
    assertThat(tree.root().right()).isEqualTo(new Node(2, 4));
    assertThat(tree.areSiblings(new Node(0, 1), new Node(1, 2))).isTrue();
    assertThat(tree.areSiblings(new Node(1, 2), new Node(2, 3))).isFalse();
    assertThat(tree.areSiblings(new Node(0, 2), new Node(2, 4))).isTrue();
  }

  @Test
  void anOddWorkerStaysAloneUntilTheEnd() {
    SumTree tree = new SumTree(5);
    assertThat(tree.areSiblings(new Node(0, 4), new Node(4, 5))).isTrue();
    assertThat(tree.areSiblings(new Node(3, 4), new Node(4, 5))).isFalse();
  }

  /** However the workers are dealt to tasks, the mean has the same bits. */
  @Property(tries = 300)
  void theBitsDoNotDependOnTheDeal(
      @ForAll @IntRange(min = 1, max = 13) int workers,
      @ForAll @IntRange(min = 1, max = 13) int tasks,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] values = new float[workers];
    long[] clips = new long[workers];
    for (int i = 0; i < workers; i++) {
      values[i] = (float) random.nextGaussian();
      clips[i] = random.nextInt(4);
    }
    Map<Node, Leaf> inOneTask = new HashMap<>();
    for (int i = 0; i < workers; i++) {
      inOneTask.put(new Node(i, i + 1), new Leaf(values[i], clips[i]));
    }
    SumTree tree = new SumTree(workers);
    Leaf expected = mean(tree.root(), inOneTask);

    Map<Node, Leaf> sums = new HashMap<>();
    for (int task = 0; task < tasks; task++) {
      Deque<Node> stack = new ArrayDeque<>();
      for (int i = task * workers / tasks; i < (task + 1) * workers / tasks; i++) {
        stack.push(new Node(i, i + 1));
        sums.put(stack.peek(), new Leaf(values[i], clips[i]));
        merge(tree, stack, sums);
      }
    }
    assertThat(mean(tree.root(), sums)).isEqualTo(expected);
  }

  private record Leaf(float value, long clips) {}

  private static void merge(SumTree tree, Deque<Node> stack, Map<Node, Leaf> sums) {
    while (stack.size() > 1) {
      Iterator<Node> newest = stack.iterator();
      Node right = newest.next();
      Node left = newest.next();
      if (!tree.areSiblings(left, right)) {
        return;
      }
      stack.pop();
      stack.pop();
      stack.push(new Node(left.from(), right.to()));
      sums.put(stack.peek(), merged(sums.remove(left), sums.remove(right)));
    }
  }

  private static Leaf mean(Node node, Map<Node, Leaf> sums) {
    Leaf here = sums.get(node);
    return here != null ? here : merged(mean(node.left(), sums), mean(node.right(), sums));
  }

  private static Leaf merged(Leaf left, Leaf right) {
    float[] a = {left.value()};
    WeightedSum.merge(a, left.clips(), new float[] {right.value()}, right.clips(), 1);
    return new Leaf(a[0], left.clips() + right.clips());
  }

  @Test
  void twoWorkersAreWeightedByTheirClips() {
    float[] a = {1, 10, 5};
    WeightedSum.merge(a, 1, new float[] {4, 40, 5}, 2, 2);
    assertThat(a).containsExactly(3, 30, 5);
  }

  @Test
  void allWorkersAreCovered() {
    List<Integer> leaves = new ArrayList<>();
    collect(new SumTree(11).root(), leaves);
    assertThat(leaves).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  private static void collect(Node node, List<Integer> leaves) {
    if (node.isLeaf()) {
      leaves.add(node.from());
    } else {
      collect(node.left(), leaves);
      collect(node.right(), leaves);
    }
  }
}
