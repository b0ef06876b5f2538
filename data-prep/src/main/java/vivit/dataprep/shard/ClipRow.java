package vivit.dataprep.shard;

import vivit.dataprep.clip.TubeletCutter;

/** A clip ready to be written: its tubelets cut. */
record ClipRow(StoredClip clip, ClipOrigin origin, TubeletCutter cutter, byte[] tubelets) {}
