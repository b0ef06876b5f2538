package vivit.bench.smalldata;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * One run: a line of {@code results.jsonl}.
 *
 * @param key hash of everything that decides the run, its seed included
 * @param setting name of the setting, for people; settings that are the same share their runs
 * @param seed of the run
 * @param top1 share of the held-out videos that are classified correctly
 * @param loss on the held-out videos, nats
 * @param trainingLoss of the last checkpoint, with mixed and smoothed labels
 * @param steps of training
 * @param parameters of the model
 * @param multiplyAdds of a forward pass of one clip
 * @param trainingSeconds of training
 * @param seconds of training and evaluation
 * @param bytesPerStep that an executor would receive in a step, {@link RoundBytes}, on average
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record RunResult(
    String key,
    String setting,
    long seed,
    double top1,
    double loss,
    double trainingLoss,
    long steps,
    long parameters,
    long multiplyAdds,
    double trainingSeconds,
    double seconds,
    double bytesPerStep) {}
