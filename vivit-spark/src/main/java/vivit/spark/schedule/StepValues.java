package vivit.spark.schedule;

import java.io.Serializable;

/**
 * What the schedules say for one step: sent with the round, written to the metrics.
 *
 * @param learningRate factor on the momentum buffer
 * @param dropPath rate of the last encoder block
 * @param mixup alpha of the Beta distribution, 0 for none
 * @param labelSmoothing share of the label spread over all classes
 * @param scaleJitter probability that a clip is rescaled
 * @param flip probability that a clip is mirrored
 */
public record StepValues(
    double learningRate,
    double dropPath,
    double mixup,
    double labelSmoothing,
    double scaleJitter,
    double flip)
    implements Serializable {}
