package vivit.dataprep.isolation;

import java.io.IOException;
import vivit.dataprep.clip.TubeletCutter;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.video.CutTubelets;

/**
 * A clip whose tubelets lie in a spool.
 *
 * @param request index of its request
 * @param view number of the clip within its request
 * @param cutter knows its sizes
 * @param origin where its frames came from
 * @param offset of the tubelets in the spool, in bytes
 */
record SpooledClip(int request, int view, TubeletCutter cutter, ClipOrigin origin, long offset) {

  /** The clip under another request number, in the spool's memory until the next one is loaded. */
  CutTubelets load(int asRequest, Spool spool) throws IOException {
    return new CutTubelets(asRequest, view, spool.read(offset, cutter), origin);
  }
}
