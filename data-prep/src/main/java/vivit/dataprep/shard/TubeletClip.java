package vivit.dataprep.shard;

import java.nio.ByteBuffer;
import vivit.dataprep.clip.Region;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.label.ClipLabels;

/**
 * A clip with its labels, as tubelets in their stored form.
 *
 * @param clipId unique in the shard set
 * @param videoId the video (or the annotated part of one) it was cut from
 * @param view number of the clip within its video, from 0
 * @param labels its classes, per head
 * @param cutter the geometry of the clip
 * @param tubelets {@code [n_t, n_h, n_w, t, p, p, 3]} RGB bytes, the remaining bytes of the buffer;
 *     if the shard is not compressed, a view of the {@link ClipBuffer}, valid until its next use
 */
public record TubeletClip(
    String clipId,
    String videoId,
    int view,
    ClipLabels labels,
    TubeletCutter cutter,
    ByteBuffer tubelets)
    implements Clip {

  @Override
  public int frames() {
    return cutter.frames();
  }

  @Override
  public int height() {
    return cutter.height();
  }

  @Override
  public int width() {
    return cutter.width();
  }

  @Override
  public void copy(Region region, byte[] out) {
    cutter.assemble(tubelets, region, out);
  }

  /** Assembles the clip, in fresh memory. */
  StoredClip assembled() {
    return new StoredClip(
        clipId, videoId, view, labels, frames(), height(), width(), cutter.assemble(tubelets));
  }
}
