/**
 * Computes figures of a shard set from its small columns and from sampled clips. Depends on {@code
 * shard}, {@code label}, {@code storage} and Hadoop's file systems, but neither on Spark nor on the
 * presentation of the figures.
 */
package vivit.dataprep.inspect.statistics;
