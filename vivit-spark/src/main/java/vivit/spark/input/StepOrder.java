package vivit.spark.input;

import java.io.Serializable;
import java.util.Arrays;
import vivit.spark.schedule.StepValues;

/**
 * The driver's order for one step of one worker.
 *
 * @param step of the run, from 0
 * @param epoch from 0
 * @param piece the worker's clips, possibly none
 * @param values values of the schedules
 */
public record StepOrder(long step, int epoch, StepPiece piece, StepValues values)
    implements Serializable {
  /**
   * The clips of one worker in one step.
   *
   * @param clips positions in the shard set, in order; owned by the piece
   * @param firstGroup number within the step of the first mixup group of the piece
   * @param group clips per mixup group; the last group may hold fewer
   */
  public record StepPiece(int[] clips, int firstGroup, int group) implements Serializable {

    /** Number of mixup groups in the piece. */
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
}
