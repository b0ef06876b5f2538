package vivit.dataprep.shard;

/**
 * One clip with its label.
 *
 * @param clipId unique in the shard set
 * @param videoId the video (or the annotated part of one) it was cut from; views of one share it
 * @param view number of the clip within its video, from 0
 * @param label class id
 * @param labelName class name
 * @param frames T
 * @param height H in pixels
 * @param width W in pixels
 * @param pixels {@code [T, H, W, 3]} RGB bytes; the record's own, not copied
 */
public record StoredClip(
    String clipId,
    String videoId,
    int view,
    int label,
    String labelName,
    int frames,
    int height,
    int width,
    byte[] pixels) {
  public StoredClip {
    if ((long) frames * height * width * 3 != pixels.length) {
      throw new IllegalArgumentException(
          "Clip %s has %d bytes of pixels, expected [%d, %d, %d, 3]"
              .formatted(clipId, pixels.length, frames, height, width));
    }
  }
}
