package vivit.dataprep.video;

import vivit.dataprep.shard.ClipOrigin;
import vivit.dataprep.video.CutSink.CutTubelets;

/**
 * An assembled clip, kept by a test.
 *
 * @param pixels {@code [T, H, W, 3]} RGB bytes
 */
public record CutPixels(
    int request, int view, int height, int width, byte[] pixels, ClipOrigin origin, int madeUp) {
  public static CutPixels of(CutTubelets clip) {
    return new CutPixels(
        clip.request(),
        clip.view(),
        clip.height(),
        clip.width(),
        clip.pixels(),
        clip.origin(),
        clip.madeUp());
  }
}
