package vivit.model.dl4j;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.model.regularise.DropMasks;

/** One optimisation step on a graph's flat vectors. */
public final class TrainingStep implements AutoCloseable {

  /** For this graph; its updater state is the momentum. */
  public TrainingStep(ComputationGraph graph, Optimiser optimiser) {
    throw new UnsupportedOperationException("soon");
  }

  /**
   * What a step reports.
   *
   * @param lossSum sum over clips of the heads' mean cross-entropy
   * @param clips clips in the batch
   * @param gradientNorm global norm before clipping
   * @param correct per head, clips whose largest logit is the largest label
   */
  public record Result(double lossSum, int clips, double gradientNorm, List<Integer> correct) {}

  /** Forward, backward, clip, update. */
  public Result step(INDArray tokens, INDArray[] labels, double learningRate, DropMasks masks) {
    throw new UnsupportedOperationException("soon");
  }

  /** Flat view of the parameters. */
  public INDArray parameters() {
    throw new UnsupportedOperationException("soon");
  }

  /** Flat view of the momentum. */
  public INDArray momentum() {
    throw new UnsupportedOperationException("soon");
  }

  @Override
  public void close() {}
}
