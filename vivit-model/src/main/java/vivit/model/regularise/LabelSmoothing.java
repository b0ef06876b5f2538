package vivit.model.regularise;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Label smoothing, {@code y <- y (1 - epsilon) + epsilon / k}, per head, after mixup;
 * docs/vivit.md, 5.2.
 */
public final class LabelSmoothing {

  private LabelSmoothing() {}

  /**
   * Smooths the rows in place.
   *
   * @param labels {@code [b, k]}, k classes of one head
   * @param epsilon in [0, 1)
   */
  public static void smooth(INDArray labels, double epsilon) {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException("Label smoothing %s is not in [0, 1)".formatted(epsilon));
    }
    if (epsilon > 0) {
      labels.muli(1 - epsilon).addi(epsilon / labels.size(1));
    }
  }
}
