package vivit.model.dl4j;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * DL4J loss of single-label heads: cross-entropy with label rows that sum to one; docs/vivit.md,
 * 5.2. Computed from logits of any size as {@code log(sum exp(z - max z)) - y (z - max z)}. DL4J's
 * own loss clips probabilities at 1e-10, and therefore losses at 23; ND4J's log-softmax returns NaN
 * if a probability is zero.
 *
 * @param weight factor on loss and gradient, for graphs with several heads
 */
public record SoftmaxCrossEntropy(double weight) implements LogitLoss {

  private static final String NAME = "Softmax cross-entropy";

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    LogitLoss.refuse(mask, NAME);
    try (INDArray largest = logits.max(true, 1);
        INDArray below = logits.sub(largest);
        INDArray powers = Transforms.exp(below, true);
        INDArray sums = powers.sum(true, 1);
        INDArray matched = below.muli(labels.castTo(logits.dataType())).sum(true, 1)) {
      return Transforms.log(sums, true).subi(matched).muli(weight);
    }
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    LogitLoss.refuse(mask, NAME);
    return activation
        .getActivation(logits.dup(), true)
        .subi(labels.castTo(logits.dataType()))
        .muli(weight);
  }

  @Override
  public String name() {
    return "SoftmaxCrossEntropy";
  }
}
