/**
 * The shard set: Parquet files of tubelets, one clip per row group, and the manifest that vouches
 * for them. Specified in {@code SHARDS.md}. Depends on {@code clip}, {@code source} and {@code
 * storage}; knows neither videos nor Spark.
 */
package vivit.dataprep.shard;
