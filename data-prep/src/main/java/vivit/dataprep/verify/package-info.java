/** Verification of a shard set: every byte of every shard, one Spark task per shard. */
package vivit.dataprep.verify;
