/**
 * Preparation of videos: lists them, cuts clips on Spark's executors, writes a shard set, and
 * verifies one. The packages below know nothing of Spark; this one brings them together.
 */
package vivit.dataprep;
