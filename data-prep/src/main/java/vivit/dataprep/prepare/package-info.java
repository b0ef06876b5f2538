/**
 * The job of preparing a shard set: list the videos, plan the shards, cut clips on the executors,
 * publish; interrupted, it resumes from the folder {@code _preparing} of its output.
 */
package vivit.dataprep.prepare;
