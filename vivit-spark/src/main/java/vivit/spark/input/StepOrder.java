package vivit.spark.input;

import java.io.Serializable;
import vivit.spark.schedule.StepValues;

/**
 * One step of one worker, as the driver orders it.
 *
 * @param step of the run, from 0
 * @param epoch from 0
 * @param piece the worker's clips, possibly none
 * @param values what the schedules say
 */
public record StepOrder(long step, int epoch, StepPiece piece, StepValues values)
    implements Serializable {}
