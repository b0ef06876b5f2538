/**
 * Figures of a shard set, computed from small columns and sampled clips. Depends on the shard
 * format and storage; knows neither Spark nor how figures are shown.
 */
package vivit.dataprep.inspect.statistics;
