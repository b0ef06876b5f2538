package vivit.dataprep.isolation;

import java.io.IOException;
import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.video.CutPixels;

/**
 * A clip whose pixels lie in a spool.
 *
 * @param request index of its request
 * @param view number of the clip within its request
 * @param height in pixels
 * @param width in pixels
 * @param origin where its frames came from
 * @param offset of the pixels in the spool, in bytes
 * @param bytes of the pixels
 */
record SpooledClip(
    int request, int view, int height, int width, ClipOrigin origin, long offset, int bytes) {

  /** The clip under another request number, with its pixels in a buffer of {@link #bytes}. */
  CutPixels load(int asRequest, Spool spool, byte[] pixels) throws IOException {
    spool.read(offset, pixels);
    return new CutPixels(asRequest, view, height, width, pixels, origin);
  }
}
