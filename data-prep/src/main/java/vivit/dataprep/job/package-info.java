/**
 * What every Spark command shares: its outside and settings, jobs of one task per item, failures of
 * workers, and the line that shows progress. Depends on {@code config} and {@code shard}.
 */
package vivit.dataprep.job;
