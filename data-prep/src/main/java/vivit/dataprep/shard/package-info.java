/**
 * Writes and reads shard sets, which {@code SHARDS.md} specifies: Parquet files of tubelets, one
 * clip per row group, and the manifest with their checksums. Depends on {@code clip}, {@code label}
 * and {@code storage}; knows neither videos nor Spark.
 */
package vivit.dataprep.shard;
