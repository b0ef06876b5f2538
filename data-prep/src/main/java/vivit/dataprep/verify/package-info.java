/**
 * Verification of a shard set: every byte of every shard, one Spark task per shard. Depends on
 * {@code shard}, {@code label}, {@code job} and {@code text}.
 */
package vivit.dataprep.verify;
