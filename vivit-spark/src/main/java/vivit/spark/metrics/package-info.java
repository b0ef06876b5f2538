/**
 * The log of a run: one JSON line per round, the ledger of clips, and the progress on a terminal or
 * in the log. Depends on {@code job}, {@code storage} and {@code text} of data preparation,
 * Hadoop's file systems and Jackson.
 */
package vivit.spark.metrics;
