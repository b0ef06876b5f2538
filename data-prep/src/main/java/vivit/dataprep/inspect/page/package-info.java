/**
 * Presents an inspection as console text, contact sheets in PNG, and one self-contained HTML page.
 * Depends on {@code statistics}, {@code text}, {@code clip}, and the manifest and clips of {@code
 * shard}; knows neither Spark nor storage.
 */
package vivit.dataprep.inspect.page;
