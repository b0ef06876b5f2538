package vivit.spark.train;

import java.io.Serializable;
import vivit.spark.train.SumTree.Node;

/**
 * The weighted mean of the workers below a node, kept by an executor.
 *
 * @param clips that these workers trained on; 0 if none did, and then there are no values
 */
record WeightedSum(Node node, long clips) implements Serializable {

  /**
   * {@code a <- wa / (wa + wb) a + wb / (wa + wb) b}, in double, rounded to float. A mean without
   * clips leaves the other as it is.
   */
  static void merge(float[] a, long clipsOfA, float[] b, long clipsOfB, int count) {
    if (clipsOfA == 0) {
      System.arraycopy(b, 0, a, 0, count);
    } else if (clipsOfB > 0) {
      double weight = (double) clipsOfA + clipsOfB;
      double shareA = clipsOfA / weight; // two divisions a slice instead of one a value
      double shareB = clipsOfB / weight;
      for (int i = 0; i < count; i++) {
        a[i] = (float) (a[i] * shareA + b[i] * shareB);
      }
    }
  }
}
