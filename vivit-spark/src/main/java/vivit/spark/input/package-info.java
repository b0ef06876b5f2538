/**
 * From shards to token batches: which clips, in which order, augmented how, and bytes to floats.
 *
 * <p>Everything drawn here is a pure function of (seed, epoch, clip) or (seed, step, group), so it
 * is the same on any number of workers and after any restart. Depends on schedules, the shard
 * reader and the model's shapes and regularisers; knows neither Spark nor training.
 */
package vivit.spark.input;
