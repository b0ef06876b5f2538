package vivit.spark.input;

import java.util.List;

/**
 * The clips of one worker's step as token values, ready to become tensors.
 *
 * @param order the step they were read for
 * @param tokens {@code [b, n, v]} in C order; owned by the batch
 * @param labels class of each clip
 * @param ids of the clips, in order
 */
public record TokenBatch(StepOrder order, float[] tokens, int[] labels, List<String> ids) {

  /** Clips in the batch. */
  public int clips() {
    return labels.length;
  }
}
