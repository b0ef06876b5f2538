/**
 * From shards to token batches: the order of clips, their augmentation, and the conversion of bytes
 * to floats.
 *
 * <p>Everything drawn here is a pure function of (seed, epoch, clip) or (seed, step, group), so it
 * does not depend on the number of workers or on restarts. Depends on schedules, the shard reader
 * and the model's shapes and regularisers; knows neither Spark nor training.
 */
package vivit.spark.input;
