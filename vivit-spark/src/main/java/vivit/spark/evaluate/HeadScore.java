package vivit.spark.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The averaged logits of one video in one head.
 *
 * @param labels its class ids
 * @param logits {@code [k]}; owned by this record and never changed
 */
public record HeadScore(List<Integer> labels, double[] logits) implements Serializable {

  /** The video's only class. */
  public int label() {
    if (labels.size() != 1) {
      throw new IllegalStateException("found the labels " + labels + ", expected one");
    }
    return labels.get(0);
  }

  /** Softmax of the logits, {@code [k]}. */
  public double[] softmax() {
    double largest = logits[TopK.best(logits)];
    double[] probabilities = new double[logits.length];
    double total = 0;
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = Math.exp(logits[k] - largest);
      total += probabilities[k];
    }
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] /= total;
    }
    return probabilities;
  }

  /** Cross-entropy of the only class under the softmax, in nats. */
  public double softmaxLoss() {
    double largest = logits[TopK.best(logits)];
    double total = 0;
    for (double logit : logits) {
      total += Math.exp(logit - largest);
    }
    return Math.log(total) + largest - logits[label()];
  }

  /** Sigmoid of every logit, {@code [k]}. */
  public double[] sigmoid() {
    return IntStream.range(0, logits.length)
        .mapToDouble(k -> 1 / (1 + Math.exp(-logits[k])))
        .toArray();
  }

  /** Binary cross-entropies under the sigmoids, summed over the classes, in nats. */
  public double sigmoidLoss() {
    double loss = 0;
    for (int k = 0; k < logits.length; k++) {
      double x = logits[k];
      double target = labels.contains(k) ? x : 0;
      loss += Math.max(x, 0) - target + Math.log1p(Math.exp(-Math.abs(x)));
    }
    return loss;
  }
}
