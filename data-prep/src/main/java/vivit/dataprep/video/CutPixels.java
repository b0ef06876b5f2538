package vivit.dataprep.video;

import vivit.dataprep.shard.ClipOrigin;

/**
 * A complete clip as it leaves the cutter.
 *
 * @param request index of its {@link CutRequest}
 * @param view number of the clip within its request, from 0, in order of time
 * @param height H in pixels
 * @param width W in pixels
 * @param pixels {@code [T, H, W, 3]} RGB bytes; reused by the cutter after the call
 * @param origin where its frames came from
 */
public record CutPixels(
    int request, int view, int height, int width, byte[] pixels, ClipOrigin origin) {}
