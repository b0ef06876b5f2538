/**
 * Writes and reads shard sets, which {@code SHARDS.md} specifies: Parquet files of tubelets, one
 * clip per row group, and the manifest with their checksums. Depends on {@code clip}, {@code
 * label}, {@code storage}, {@code text}, Parquet and Hadoop's file systems, but neither on video
 * decoding nor on Spark.
 */
package vivit.dataprep.shard;
