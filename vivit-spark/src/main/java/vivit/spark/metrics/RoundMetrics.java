package vivit.spark.metrics;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * One line of {@code metrics.jsonl}: a round, after its averaging.
 *
 * @param step updates done since the start of the run
 * @param epoch of the round's steps, from 0
 * @param loss mean over the round's clips, with mixed and smoothed labels
 * @param learningRate of the round's last step
 * @param dropPath rate of the last block in the round's last step
 * @param mixup alpha in the round's last step
 * @param labelSmoothing in the round's last step
 * @param scaleJitter probability in the round's last step
 * @param flip probability in the round's last step
 * @param clips trained on in this round
 * @param clipsPerSecond over the whole round, averaging included
 * @param gradientNorm before clipping, mean over workers and steps weighted by clips
 * @param workers that trained
 * @param seconds of the whole round
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RoundMetrics(
    long step,
    int epoch,
    double loss,
    double learningRate,
    double dropPath,
    double mixup,
    double labelSmoothing,
    double scaleJitter,
    double flip,
    int clips,
    double clipsPerSecond,
    double gradientNorm,
    int workers,
    double seconds) {}
