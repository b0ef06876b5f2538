package vivit.spark.input;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What one worker trains on in one step.
 *
 * @param clips positions in the shard set, in order; owned by the piece
 * @param firstGroup which mixup group of the step the piece begins with
 * @param group clips per mixup group; the last group may hold fewer
 */
public record StepPiece(int[] clips, int firstGroup, int group) implements Serializable {

  /** Mixup groups in the piece. */
  public int groups() {
    return (clips.length + group - 1) / group;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepPiece piece
        && firstGroup == piece.firstGroup
        && group == piece.group
        && Arrays.equals(clips, piece.clips);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(clips) + firstGroup) + group;
  }
}
