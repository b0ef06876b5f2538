/**
 * Looking at a shard set: statistics, contact sheets as PNG, and one HTML page that needs nothing
 * else. Knows the shard format and the storage, neither Spark nor decoding.
 */
package vivit.dataprep.inspect;
