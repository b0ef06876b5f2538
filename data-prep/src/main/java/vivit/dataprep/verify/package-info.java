/**
 * Verifies every byte of a shard set, one Spark task per shard. Depends on {@code shard}, {@code
 * label}, {@code job}, {@code text} and Spark.
 */
package vivit.dataprep.verify;
