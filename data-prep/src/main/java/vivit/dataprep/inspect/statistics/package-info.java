/**
 * Computes figures of a shard set from its small columns and from sampled clips. Depends on {@code
 * shard}, {@code label} and {@code storage}; knows neither Spark nor how the figures are presented.
 */
package vivit.dataprep.inspect.statistics;
