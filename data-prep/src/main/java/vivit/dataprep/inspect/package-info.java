/**
 * Inspects a shard set: runs the Spark jobs that read it and writes the resulting files. The
 * figures come from {@code statistics}, the images and the page from {@code page}.
 */
package vivit.dataprep.inspect;
