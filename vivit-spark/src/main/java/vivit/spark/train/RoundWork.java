package vivit.spark.train;

import java.io.Serializable;
import java.util.List;
import vivit.spark.input.StepOrder;

/** One worker's share of a round: its slot, from 0, and its steps in order. */
record RoundWork(int worker, List<StepOrder> orders) implements Serializable {}
