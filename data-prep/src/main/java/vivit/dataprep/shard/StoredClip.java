package vivit.dataprep.shard;

import java.util.List;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.clip.Region;
import vivit.dataprep.label.ClipLabels;

/**
 * A clip with its labels, as frames of pixels.
 *
 * @param clipId unique in the shard set
 * @param videoId the video, or the annotated part of one, it was cut from; shared by its views
 * @param view number of the clip within its video, from 0
 * @param labels its classes, per head
 * @param frames T
 * @param height H in pixels
 * @param width W in pixels
 * @param pixels {@code [T, H, W, 3]} RGB bytes; owned by the record, not copied
 */
public record StoredClip(
    String clipId,
    String videoId,
    int view,
    ClipLabels labels,
    int frames,
    int height,
    int width,
    byte[] pixels)
    implements Clip {
  public StoredClip {
    if ((long) frames * height * width * 3 != pixels.length) {
      throw new IllegalArgumentException(
          "Clip %s has %d bytes of pixels, expected [%d, %d, %d, 3]"
              .formatted(clipId, pixels.length, frames, height, width));
    }
  }

  /** Creates a clip with one class of a single head. */
  public StoredClip(
      String clipId,
      String videoId,
      int view,
      int label,
      String labelName,
      int frames,
      int height,
      int width,
      byte[] pixels) {
    this(clipId, videoId, view, ClipLabels.of(label, labelName), frames, height, width, pixels);
  }

  @Override
  public void copy(Region region, byte[] out) {
    region.copy(pixels, new FrameSize(height, width), out);
  }

  /**
   * Id of the clip's only class.
   *
   * @throws IllegalStateException if the number of classes is not one
   */
  public int label() {
    return only().id();
  }

  /**
   * Name of the clip's only class.
   *
   * @throws IllegalStateException if the number of classes is not one
   */
  public String labelName() {
    return only().name();
  }

  private ClipLabels.Label only() {
    List<ClipLabels.Label> all = labels.heads().stream().flatMap(List::stream).toList();
    if (all.size() != 1) {
      throw new IllegalStateException(
          "Clip %s has %d labels, expected one".formatted(clipId, all.size()));
    }
    return all.get(0);
  }
}
