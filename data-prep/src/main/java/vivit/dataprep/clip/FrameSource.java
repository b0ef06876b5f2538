package vivit.dataprep.clip;

/** The frames of a clip, in whatever order their pixels lie. */
@FunctionalInterface
public interface FrameSource {
  /**
   * Copies a part of the clip.
   *
   * @param out {@code [frames, height, width, 3]} of the region, RGB bytes, written from its start
   *     on; may be longer
   * @throws IllegalArgumentException if the region reaches beyond the clip
   */
  void copy(Region region, byte[] out);
}
