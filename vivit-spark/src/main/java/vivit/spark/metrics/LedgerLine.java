package vivit.spark.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * One line of {@code ledger.jsonl}: the clips that one worker trained on in one step.
 *
 * @param step the step's number, from 1
 * @param epoch from 0
 * @param worker the worker's slot, from 0
 * @param clips their ids, in the order of the batch
 * @param swapped ids of the clips that were mirrored and trained on as the opposite class; absent
 *     if there are none
 */
public record LedgerLine(
    long step,
    int epoch,
    int worker,
    List<String> clips,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> swapped) {}
