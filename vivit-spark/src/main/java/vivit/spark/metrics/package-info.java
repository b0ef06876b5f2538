/**
 * The log of a run: one JSON line per round, the ledger of clips, and the progress on a terminal or
 * in the log. Depends on Hadoop's file systems and Jackson only.
 */
package vivit.spark.metrics;
