package vivit.dataprep.clip;

/**
 * A region of a clip: the same rectangle in consecutive frames.
 *
 * @param first number of its first frame
 * @param frames number of frames
 * @param top its first row
 * @param left its first column
 * @param height in rows
 * @param width in columns
 */
public record Region(int first, int frames, int top, int left, int height, int width) {
  private static final int CHANNELS = 3;

  /** The region that covers a whole clip. */
  public static Region whole(int frames, FrameSize size) {
    return new Region(0, frames, 0, 0, size.height(), size.width());
  }

  /** The same rectangle in another frame. */
  Region ofFrame(int frame) {
    return new Region(frame, 1, top, left, height, width);
  }

  /** Length of its pixels {@code [frames, height, width, 3]} in bytes. */
  public int bytes() {
    return PixelCount.bytes(frames, height, width);
  }

  /**
   * Copies the region out of a clip.
   *
   * @param pixels of the clip, {@code [T, H, W, 3]}
   * @param size H and W
   * @param out receives {@code [frames, height, width, 3]}, from index 0 on
   * @throws IllegalArgumentException if the region extends beyond the clip
   */
  public void copy(byte[] pixels, FrameSize size, byte[] out) {
    requireWithin(pixels.length / PixelCount.bytes(1, size.height(), size.width()), size);
    int row = width * CHANNELS;
    for (int frame = 0, to = 0; frame < frames; frame++) {
      for (int y = 0; y < height; y++, to += row) {
        int line = (first + frame) * size.height() + top + y;
        System.arraycopy(pixels, (line * size.width() + left) * CHANNELS, out, to, row);
      }
    }
  }

  /** Throws if the region extends beyond a clip. */
  void requireWithin(int clipFrames, FrameSize size) {
    if (!within(first, frames, clipFrames)
        || !within(top, height, size.height())
        || !within(left, width, size.width())) {
      throw new IllegalArgumentException(
          "Cannot cut %s out of %d frames of %d x %d (height x width)"
              .formatted(this, clipFrames, size.height(), size.width()));
    }
  }

  private static boolean within(int first, int count, int all) {
    return first >= 0 && count > 0 && first <= all - count;
  }
}
