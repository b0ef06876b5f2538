package vivit.dataprep.shard;

import vivit.dataprep.clip.TubeletCutter;

/** A clip to be written, and how it is cut into tubelets. */
record ClipRow(StoredClip clip, ClipOrigin origin, TubeletCutter cutter) {}
