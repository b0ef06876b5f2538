package vivit.dataprep.shard;

import java.util.SortedMap;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;
import vivit.dataprep.label.LabelHeads;

/**
 * The properties that all shards of a set share; every footer contains them.
 *
 * @param producer name and version of the program
 * @param purpose of all clips
 * @param clip geometry and sampling of the clips
 * @param heads the classification heads
 * @param config the settings that determine the content; none that differ from run to run
 */
public record ShardHeader(
    String producer,
    Purpose purpose,
    ClipSettings clip,
    LabelHeads heads,
    SortedMap<String, String> config) {}
