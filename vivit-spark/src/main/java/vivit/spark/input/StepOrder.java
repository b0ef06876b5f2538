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
   * The use of a clip that a row of the batch shows.
   *
   * @param row of the batch, in which every clip of the piece has {@code repeats} rows in a row
   */
  public ClipUse use(int row, int repeats) {
    int i = row / repeats;
    return new ClipUse(epoch, piece.clips()[i], piece.earlier()[i] * repeats + row % repeats);
  }

  /**
   * The clips of one worker in one step.
   *
   * @param clips positions in the shard set, in order; owned by the piece
   * @param earlier how often each of them has been drawn before in this epoch; owned by the piece
   * @param firstGroup number within the step of the first mixup group of the piece
   * @param group clips per mixup group; the last group may hold fewer
   */
  public record StepPiece(int[] clips, int[] earlier, int firstGroup, int group)
      implements Serializable {

    /** Creates a piece of clips that have not been drawn before in this epoch. */
    public StepPiece(int[] clips, int firstGroup, int group) {
      this(clips, new int[clips.length], firstGroup, group);
    }

    /** Number of mixup groups in the piece. */
    public int groups() {
      return (clips.length + group - 1) / group;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof StepPiece piece
          && firstGroup == piece.firstGroup
          && group == piece.group
          && Arrays.equals(clips, piece.clips)
          && Arrays.equals(earlier, piece.earlier);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * Arrays.hashCode(clips) + firstGroup) + group;
    }
  }
}
