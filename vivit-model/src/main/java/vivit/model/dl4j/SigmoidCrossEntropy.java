package vivit.model.dl4j;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SoftPlus;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * DL4J loss of multi-label heads: sigmoid cross-entropy summed over the classes; docs/vivit.md,
 * 5.2. Computed from logits of any size as {@code softplus(z) - y z}; DL4J's own binary
 * cross-entropy clips probabilities.
 *
 * @param weight factor on loss and gradient, for graphs with several heads
 */
public record SigmoidCrossEntropy(double weight) implements LogitLoss {

  private static final String NAME = "Sigmoid cross-entropy";

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    LogitLoss.refuse(mask, NAME);
    try (INDArray loss = Nd4j.getExecutioner().exec(new SoftPlus(logits, logits.dup()));
        INDArray matched = labels.castTo(logits.dataType()).mul(logits)) {
      return loss.subi(matched).muli(weight).sum(true, 1);
    }
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    LogitLoss.refuse(mask, NAME);
    return Transforms.sigmoid(logits, true).subi(labels.castTo(logits.dataType())).muli(weight);
  }

  @Override
  public String name() {
    return "SigmoidCrossEntropy";
  }
}
