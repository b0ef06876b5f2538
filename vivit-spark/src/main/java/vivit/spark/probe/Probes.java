package vivit.spark.probe;

import java.util.List;
import vivit.model.engine.Tensor;

/**
 * The probes of one kind that are trained together on the same batches. Their memory belongs to
 * their engine.
 */
sealed interface Probes permits LinearProbes, AttentiveProbes {

  /** The probes, in order. */
  List<ProbePoint> points();

  /**
   * Computes losses and gradients, which {@link #descend} uses.
   *
   * @param features what this kind reads, of the clips of a batch
   * @param labels per head, {@code [b, k]} row-major
   * @return per probe, the sum over clips of the mean of the heads' cross-entropies
   */
  double[] learn(Tensor features, List<double[]> labels);

  /**
   * Takes one step of AdamW with the gradients of the last {@link #learn}.
   *
   * @param update number of this step, from 1
   * @param clips of the batch
   * @param share of each probe's learning rate
   */
  void descend(long update, int clips, double share);

  /** The logits {@code [probe][head]}, {@code [b, k]} row-major each. */
  double[][][] logits(Tensor features);
}
