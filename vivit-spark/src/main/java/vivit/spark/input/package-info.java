/**
 * Makes token batches from shards: the order of clips, their augmentation, and the conversion of
 * bytes to floats.
 *
 * <p>All draws are pure functions of (seed, epoch, clip) or (seed, step, group), so they do not
 * depend on the number of workers or on restarts. Depends on {@code schedule}, the shard reader and
 * labels of data preparation, and the model's configuration and shapes, but neither on Spark nor on
 * training.
 */
package vivit.spark.input;
