/**
 * The job that prepares a shard set: it lists the videos, plans the shards, cuts clips on the
 * executors and publishes the set. An interrupted job resumes from the folder {@code _preparing} of
 * its output. Depends on all packages of data preparation except {@code verify}, {@code inspect}
 * and {@code inspect.page}.
 */
package vivit.dataprep.prepare;
