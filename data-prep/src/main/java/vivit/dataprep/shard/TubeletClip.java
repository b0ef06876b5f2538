package vivit.dataprep.shard;

import java.nio.ByteBuffer;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.source.ClipLabels;

/**
 * One clip with its labels, as it is stored.
 *
 * @param clipId unique in the shard set
 * @param videoId the video (or the annotated part of one) it was cut from
 * @param view number of the clip within its video, from 0
 * @param labels its classes, per head
 * @param cutter knows its sizes and how to put it together
 * @param tubelets {@code [n_t, n_h, n_w, t, p, p, 3]} RGB bytes: the remaining bytes, in the memory
 *     of the {@link ClipBuffer} that it was read into where the shard is not compressed; valid
 *     until that buffer is used for another clip
 */
public record TubeletClip(
    String clipId,
    String videoId,
    int view,
    ClipLabels labels,
    TubeletCutter cutter,
    ByteBuffer tubelets) {

  /** The clip put together, its pixels in {@code pixels}. */
  StoredClip assembled(byte[] pixels) {
    cutter.assemble(tubelets, pixels);
    return new StoredClip(
        clipId, videoId, view, labels, cutter.frames(), cutter.height(), cutter.width(), pixels);
  }
}
