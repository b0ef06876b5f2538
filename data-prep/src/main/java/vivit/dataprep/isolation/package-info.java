/**
 * Decoding in helper processes: a decoder that hangs, dies or eats memory costs one video and not
 * the executor. The parent serves the bytes of the file and reads finished clips from a spool file,
 * so that the helper needs neither Spark nor Hadoop. Depends on {@code video}.
 */
package vivit.dataprep.isolation;
