package vivit.dataprep.video;

import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.shard.TubeletPage;

/**
 * A complete clip as it leaves the cutter.
 *
 * @param request index of its {@link CutRequest}
 * @param view number of the clip within its request, from 0, in order of time
 * @param tubelets of the clip; reused by the cutter after the call
 * @param origin where its frames came from
 */
public record CutTubelets(int request, int view, TubeletPage tubelets, ClipOrigin origin) {
  /** H in pixels. */
  public int height() {
    return tubelets.cutter().height();
  }

  /** W in pixels. */
  public int width() {
    return tubelets.cutter().width();
  }

  /** The clip put together, {@code [T, H, W, 3]}, in fresh memory. */
  public byte[] pixels() {
    return tubelets.pixels();
  }
}
