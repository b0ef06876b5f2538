/**
 * Decoding in helper processes, so that a decoder that hangs, crashes or exhausts memory costs one
 * video and not the executor. The executor serves the bytes of the file and reads finished clips
 * from a spool file; the helper therefore needs neither Spark nor Hadoop. Depends on {@code video},
 * {@code shard} and {@code clip}.
 */
package vivit.dataprep.isolation;
