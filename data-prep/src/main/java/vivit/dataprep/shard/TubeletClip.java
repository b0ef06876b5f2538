package vivit.dataprep.shard;

import java.nio.ByteBuffer;
import vivit.dataprep.clip.Region;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.label.ClipLabels;

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

  /** The clip put together, in memory of its own. */
  StoredClip assembled() {
    return new StoredClip(
        clipId, videoId, view, labels, frames(), height(), width(), cutter.assemble(tubelets));
  }
}
