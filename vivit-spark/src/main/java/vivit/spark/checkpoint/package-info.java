/**
 * The state of a run and its files: the vectors that workers average, and the checkpoints that runs
 * write and resume from.
 *
 * <p>A checkpoint is a folder written under a temporary name and then renamed; it contains
 * configuration, labels, shard set and checksums, so it can be understood and verified without
 * other files. Depends on the model, its parameter index and checkpoint formats, and on {@code
 * clip}, {@code label} and {@code storage} of data preparation; runs no Spark job.
 */
package vivit.spark.checkpoint;
