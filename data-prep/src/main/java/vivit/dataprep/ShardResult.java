package vivit.dataprep;

import java.io.Serializable;
import java.util.ArrayList;
import vivit.dataprep.shard.Quarantined;
import vivit.dataprep.shard.ShardFile;

/**
 * What a task made of its {@link ShardPlan}.
 *
 * @param file the shard; without clips if no video could be decoded
 * @param clipsPerLabel by label id, one head after the other
 * @param videos videos with clips
 * @param quarantined the others
 */
record ShardResult(
    ShardFile file, long[] clipsPerLabel, int videos, ArrayList<Quarantined> quarantined)
    implements Serializable {}
