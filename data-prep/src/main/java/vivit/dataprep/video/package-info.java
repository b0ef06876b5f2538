/**
 * Decodes videos to clips and encodes frames to videos, with FFmpeg through its JavaCPP presets.
 * The only package that allocates native memory; it frees all of it. A failure inside FFmpeg
 * becomes an {@link vivit.dataprep.video.UndecodableVideoException} with a cause. Depends on {@code
 * clip}, {@code shard}, {@code label} and Hadoop's file systems, but not on Spark.
 */
package vivit.dataprep.video;
