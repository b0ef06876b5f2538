/**
 * The job of preparing a shard set: list the videos, plan the shards, cut clips on the executors,
 * publish; interrupted, it resumes from the folder {@code _preparing} of its output. Depends on
 * every room of data preparation but {@code verify} and the pages of {@code inspect}.
 */
package vivit.dataprep.prepare;
