package vivit.spark.metrics;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of {@code metrics.jsonl}: a round, after its averaging.
 *
 * @param step updates done since the start of the run
 * @param epoch of the round's steps, from 0
 * @param loss mean over the round's clips, with mixed and smoothed labels
 * @param accuracy share of these clips whose largest logit is that of their largest label, of the
 *     first head; on clips that are trained on
 * @param learningRate of the round's last step
 * @param strengths values of the schedules at the round's last step, by name
 * @param clips number of clips trained on in this round
 * @param clipsPerSecond over the whole round, averaging included
 * @param gradientNorm before clipping, mean over workers and steps weighted by clips
 * @param workers number of workers that trained
 * @param lossSpread standard deviation of the workers' mean losses, weighted by clips
 * @param drift root of the workers' mean squared distance from their average, before averaging; 0
 *     where gradients are averaged
 * @param moved distance of the workers' average from where they started; 0 likewise
 * @param waiting share of the workers' time spent waiting for clips
 * @param seconds of the whole round
 * @param phases where these seconds went, and the bytes moved
 * @param validation figures of the validation after the round, by name; empty if there was none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RoundMetrics(
    long step,
    int epoch,
    double loss,
    double accuracy,
    double learningRate,
    @JsonIgnore Map<String, Double> strengths,
    int clips,
    double clipsPerSecond,
    double gradientNorm,
    int workers,
    double lossSpread,
    double drift,
    double moved,
    double waiting,
    double seconds,
    @JsonUnwrapped RoundPhases phases,
    @JsonIgnore Map<String, Double> validation) {

  /** The figures whose names are fields of the line. */
  @JsonAnyGetter
  Map<String, Double> named() {
    Map<String, Double> named = new LinkedHashMap<>(strengths);
    named.putAll(validation);
    return named;
  }
}
