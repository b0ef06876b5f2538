package vivit.spark.metrics;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Where the time of a round went, and the bytes that it moved. A round is two Spark jobs, one that
 * trains and one that averages; the phases of a job are those of its slowest task, in seconds.
 *
 * @param secondsTrain of the job that trains
 * @param secondsGather fetching the vectors that the round starts from
 * @param secondsLoad copying them into the network; in the first round also building it
 * @param secondsSteps the steps, waiting for clips included
 * @param secondsContribute copying what the workers contribute, adding it up and offering it
 * @param secondsAverage of the job that averages
 * @param secondsFetch waiting for what others contributed
 * @param secondsUpdate computing the next version of the vectors
 * @param secondsOutside of both jobs, outside of their slowest tasks: scheduling, serialisation
 * @param bytesIn of vectors, received over the network by the executor that received most
 * @param bytesOut of vectors, sent over the network by the executor that sent most
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RoundPhases(
    double secondsTrain,
    double secondsGather,
    double secondsLoad,
    double secondsSteps,
    double secondsContribute,
    double secondsAverage,
    double secondsFetch,
    double secondsUpdate,
    double secondsOutside,
    long bytesIn,
    long bytesOut) {}
