package vivit.dataprep.verify;

import java.io.Serializable;

/**
 * What verifying one shard found.
 *
 * @param clipsPerLabel by label id, one head after the other; of a good shard
 * @param problem what is wrong; empty for a good shard
 */
record VerifyResult(long[] clipsPerLabel, String problem) implements Serializable {}
