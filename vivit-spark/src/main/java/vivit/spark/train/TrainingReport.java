package vivit.spark.train;

import org.apache.hadoop.fs.Path;

/**
 * How a run ended.
 *
 * @param step updates done
 * @param totalSteps of the whole run
 * @param workers that trained
 * @param loss mean training loss per clip since the checkpoint before the last
 * @param checkpoint the newest
 * @param seconds this program trained
 */
public record TrainingReport(
    long step, long totalSteps, int workers, double loss, Path checkpoint, double seconds) {}
