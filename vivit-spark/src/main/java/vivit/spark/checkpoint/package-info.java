/**
 * The state of a run and its files: vectors that are averaged, checkpoints that are written,
 * resumed and loaded.
 *
 * <p>A checkpoint is a folder written under a temporary name and then renamed; it explains itself
 * (configuration, labels, shard set) and proves itself (checksums). Depends on the model and on
 * data-prep's storage; knows no Spark job.
 */
package vivit.spark.checkpoint;
