/**
 * Decodes videos to clips and encodes frames to videos, with FFmpeg through its JavaCPP presets.
 * The only package that allocates native memory, all of which it frees; a failure inside FFmpeg
 * becomes an {@link vivit.dataprep.video.UndecodableVideoException} with a cause. Depends on {@code
 * clip}, {@code shard}, {@code label} and Hadoop's file systems; knows nothing of Spark.
 */
package vivit.dataprep.video;
