/**
 * Decodes videos in helper processes, so that a decoder that hangs, crashes or exhausts memory
 * costs one video and not the executor. The executor serves the bytes of the file and reads
 * finished clips from a spool file; the helper therefore needs neither Spark nor Hadoop. Depends on
 * {@code video}, {@code shard} and {@code clip}; in the executor also on Hadoop's file systems.
 */
package vivit.dataprep.isolation;
