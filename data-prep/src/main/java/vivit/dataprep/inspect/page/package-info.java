/**
 * Presents an inspection as console text, contact sheets in PNG, and one self-contained HTML page.
 * Depends on {@code statistics}, {@code text}, {@code clip}, the manifest and clips of {@code
 * shard}, and the checksum of {@code storage}; uses neither Spark nor Hadoop.
 */
package vivit.dataprep.inspect.page;
