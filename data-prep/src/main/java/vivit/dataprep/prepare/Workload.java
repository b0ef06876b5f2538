package vivit.dataprep.prepare;

/**
 * All there is to do, and what an earlier run has done of it.
 *
 * @param videos of all shards
 * @param kept of the shards that are finished already
 * @param cost estimated for the others
 */
record Workload(long videos, long kept, long cost) {}
