package vivit.dataprep.shard;

import vivit.dataprep.clip.FrameSource;
import vivit.dataprep.label.ClipLabels;

/** A clip with its labels, as pixels or as tubelets. */
public sealed interface Clip extends FrameSource permits StoredClip, TubeletClip {
  /** Id of the clip, unique in the shard set. */
  String clipId();

  /**
   * Id of the video, or the annotated part of one, that the clip was cut from; shared by its views.
   */
  String videoId();

  /** Number of the clip within its video, from 0. */
  int view();

  /** Classes of the clip, per head. */
  ClipLabels labels();

  /** Number of frames, T. */
  int frames();

  /** Height of the frames, H, in pixels. */
  int height();

  /** Width of the frames, W, in pixels. */
  int width();
}
