package vivit.spark.input;

import java.util.List;
import vivit.dataprep.source.ClipLabels;

/**
 * The clips of one worker's step as token values, ready to become tensors.
 *
 * @param order the step they were read for
 * @param tokens {@code [b, n, v]} in C order; owned by the batch
 * @param labels classes of each clip, as augmented
 * @param ids of the clips, in order
 * @param swapped ids of those whose classes are not the stored ones but their opposites
 */
public record TokenBatch(
    StepOrder order,
    float[] tokens,
    List<ClipLabels> labels,
    List<String> ids,
    List<String> swapped) {

  /** Clips in the batch. */
  public int clips() {
    return labels.size();
  }
}
