package vivit.dataprep.shard;

import vivit.dataprep.label.ClipLabels;

/**
 * A clip to be written, without its tubelets.
 *
 * @param clipId unique in the shard set
 * @param videoId the video, or the annotated part of one, it was cut from; shared by its views
 * @param view number of the clip within its video, from 0
 * @param labels its classes, per head
 * @param origin source of its frames
 */
public record ClipRow(
    String clipId, String videoId, int view, ClipLabels labels, ClipOrigin origin) {

  /** Creates a row with a clip id made of video id and view. */
  public static ClipRow of(String videoId, int view, ClipLabels labels, ClipOrigin origin) {
    return new ClipRow(videoId + ":" + view, videoId, view, labels, origin);
  }
}
