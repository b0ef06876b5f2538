package vivit.dataprep.video;

import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.StoredClip;

/** A clip cut from a video, and where its frames came from. */
record CutClip(StoredClip clip, ClipOrigin origin) {}
