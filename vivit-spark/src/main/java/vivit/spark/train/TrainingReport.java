package vivit.spark.train;

import org.apache.hadoop.fs.Path;

/**
 * How a run ended.
 *
 * @param step updates done
 * @param totalSteps of the whole run
 * @param workers that trained
 * @param loss of the newest checkpoint: mean per clip since the one before; NaN without any
 * @param checkpoint the newest; null without any
 * @param seconds this program trained
 */
public record TrainingReport(
    long step, long totalSteps, int workers, double loss, Path checkpoint, double seconds) {}
