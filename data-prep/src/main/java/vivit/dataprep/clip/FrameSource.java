package vivit.dataprep.clip;

/** Access to the frames of a clip, independent of the order of its bytes. */
@FunctionalInterface
public interface FrameSource {
  /**
   * Copies a region of the clip.
   *
   * @param out receives {@code [frames, height, width, 3]} RGB bytes, from index 0 on; may be
   *     longer
   * @throws IllegalArgumentException if the region extends beyond the clip
   */
  void copy(Region region, byte[] out);
}
