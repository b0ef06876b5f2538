package vivit.spark.input;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import vivit.dataprep.label.ClipLabels;

/**
 * The clips of one worker's step as tokens.
 *
 * @param order the step they were read for
 * @param tokens {@code [b, n, v]}, row-major, to be changed at will; valid until the next batch is
 *     asked for
 * @param labels classes of each clip, as augmented
 * @param ids of the clips, in order
 * @param swapped ids of those whose classes are not the stored ones but their opposites
 */
public record TokenBatch(
    StepOrder order,
    INDArray tokens,
    List<ClipLabels> labels,
    List<String> ids,
    List<String> swapped) {

  /** Clips in the batch. */
  public int clips() {
    return labels.size();
  }
}
