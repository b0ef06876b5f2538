package vivit.model.dl4j;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** A DL4J loss computed from logits, one score per row; takes no mask. */
interface LogitLoss extends ILossFunction {

  @Override
  default double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    try (INDArray scores = computeScoreArray(labels, logits, activation, mask)) {
      double sum = scores.sumNumber().doubleValue();
      return average ? sum / scores.size(0) : sum;
    }
  }

  @Override
  default Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, activation, mask, average),
        computeGradient(labels, logits, activation, mask));
  }

  /** Refuses a mask. */
  static void refuse(INDArray mask, String loss) {
    if (mask != null) {
      throw new IllegalArgumentException(loss + " takes no mask");
    }
  }
}
