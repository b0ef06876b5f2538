/**
 * Figures made visible: text, one self-contained HTML page, charts, and contact sheets as PNG.
 * Depends on {@code statistics}; knows neither Spark nor storage.
 */
package vivit.dataprep.inspect.page;
