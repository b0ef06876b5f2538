package vivit.dataprep.shard;

import vivit.dataprep.clip.FrameSource;
import vivit.dataprep.label.ClipLabels;

/** A clip with its labels, as pixels or as tubelets. */
public sealed interface Clip extends FrameSource permits StoredClip, TubeletClip {
  /** Unique in the shard set. */
  String clipId();

  /** The video, or the annotated part of one, it was cut from; shared by its views. */
  String videoId();

  /** Number of the clip within its video, from 0. */
  int view();

  /** Its classes, per head. */
  ClipLabels labels();

  /** T. */
  int frames();

  /** H in pixels. */
  int height();

  /** W in pixels. */
  int width();
}
