/**
 * What an unfinished preparation keeps, so that the next one can go on with it: the plan and one
 * result for each finished shard, in the folder {@code _preparing} of the output. Knows neither
 * Spark nor decoding.
 */
package vivit.dataprep.restart;
