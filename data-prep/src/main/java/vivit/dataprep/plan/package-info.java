/**
 * Which video goes into which shard: a pure function of the list of videos with their sizes, the
 * settings and the seed. Knows neither Spark nor decoding.
 */
package vivit.dataprep.plan;
