package vivit.spark.train;

import java.io.Serializable;
import java.util.List;
import vivit.spark.input.StepOrder;

/**
 * One worker's share of a round.
 *
 * @param worker its slot, from 0
 * @param orders its steps in order
 * @param later the first steps of its share of the next round, to be read ahead; none at the end of
 *     the run
 */
record RoundWork(int worker, List<StepOrder> orders, List<StepOrder> later)
    implements Serializable {}
