/**
 * Inspects a shard set: runs the Spark jobs that read it and writes the resulting files. The
 * figures come from {@code statistics}, the images and the page from {@code page}. Depends also on
 * {@code config}, {@code job}, {@code shard}, {@code storage} and Spark.
 */
package vivit.dataprep.inspect;
