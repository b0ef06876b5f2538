package vivit.spark.train;

import java.io.Serializable;

/**
 * The binary tree along which the contributions of the workers are added up. It depends on the
 * number of workers alone, so the bits of a sum do not depend on which executor adds what.
 *
 * @param workers number of leaves
 */
record SumTree(int workers) {

  /**
   * A node: the workers below it.
   *
   * @param from first worker
   * @param to worker after the last
   */
  record Node(int from, int to) implements Serializable {
    boolean isLeaf() {
      return to - from == 1;
    }

    /** First worker of the right child: the left child is the largest full tree that fits. */
    private int middle() {
      return from + Integer.highestOneBit(to - from - 1);
    }

    Node left() {
      return new Node(from, middle());
    }

    Node right() {
      return new Node(middle(), to);
    }

    private boolean contains(Node other) {
      return from <= other.from && other.to <= to;
    }

    /** Name of the sum of a vector over this node's workers. */
    String sum(String vector) {
      return vector + "@" + from + "-" + to;
    }
  }

  /** Whether a vector is the sum of a node. */
  static boolean isSum(String vector) {
    return vector.indexOf('@') >= 0;
  }

  Node root() {
    return new Node(0, workers);
  }

  /** Whether two nodes are the left and the right child of one. */
  boolean areSiblings(Node left, Node right) {
    if (left.to != right.from) {
      return false;
    }
    Node node = root();
    while (!node.isLeaf()) {
      if (node.left().equals(left)) {
        return node.right().equals(right);
      }
      node = node.left().contains(left) ? node.left() : node.right();
    }
    return false;
  }
}
