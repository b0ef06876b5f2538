/**
 * The parts that all Spark commands share: start and settings, jobs with one task per item,
 * failures of workers, and the progress line. Depends on {@code config}, {@code shard}, Spark and
 * Hadoop.
 */
package vivit.dataprep.job;
