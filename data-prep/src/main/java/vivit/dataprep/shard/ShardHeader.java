package vivit.dataprep.shard;

import java.util.SortedMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;

/**
 * What all shards of a set have in common; written into every footer.
 *
 * @param producer name and version of the program
 * @param purpose of all clips
 * @param clip how they are cut
 * @param heads what the clips are classified by
 * @param config the settings that shape the content; nothing that differs from run to run
 */
public record ShardHeader(
    String producer,
    Purpose purpose,
    ClipSettings clip,
    LabelHeads heads,
    SortedMap<String, String> config) {}
