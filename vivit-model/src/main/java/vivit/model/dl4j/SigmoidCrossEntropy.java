package vivit.model.dl4j;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.SoftPlus;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * DL4J loss of multi-label heads: sigmoid cross-entropy summed over the classes; reference section
 * 4.2. Computed from logits as {@code softplus(z) - y z}, so no logit is too large for it; DL4J's
 * own binary cross-entropy clips probabilities.
 *
 * @param weight factor on loss and gradient, for graphs with several heads
 */
public record SigmoidCrossEntropy(double weight) implements ILossFunction {

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    try (INDArray scores = computeScoreArray(labels, logits, activation, mask)) {
      double sum = scores.sumNumber().doubleValue();
      return average ? sum / scores.size(0) : sum;
    }
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    refuse(mask);
    try (INDArray loss = Nd4j.getExecutioner().exec(new SoftPlus(logits, logits.dup()));
        INDArray matched = labels.castTo(logits.dataType()).mul(logits)) {
      return loss.subi(matched).muli(weight).sum(true, 1);
    }
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    refuse(mask);
    return Transforms.sigmoid(logits, true).subi(labels.castTo(logits.dataType())).muli(weight);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, activation, mask, average),
        computeGradient(labels, logits, activation, mask));
  }

  @Override
  public String name() {
    return "SigmoidCrossEntropy";
  }

  private static void refuse(INDArray mask) {
    if (mask != null) {
      throw new IllegalArgumentException("Sigmoid cross-entropy takes no mask");
    }
  }
}
