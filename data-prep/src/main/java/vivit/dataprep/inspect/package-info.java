/**
 * Inspection of a shard set: the Spark jobs that read it and the files that they produce. The
 * figures come from {@code statistics}, pictures and page from {@code page}.
 */
package vivit.dataprep.inspect;
