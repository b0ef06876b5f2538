package vivit.spark.metrics;

import java.util.List;

/**
 * One line of {@code ledger.jsonl}: the clips that one worker really trained on in one step.
 *
 * @param step the step's number, from 1
 * @param epoch from 0
 * @param worker its slot, from 0
 * @param clips their ids, in the order of the batch
 */
public record LedgerLine(long step, int epoch, int worker, List<String> clips) {}
