package vivit.dataprep.clip;

/**
 * Bilinear resize of RGB frames as the reference pipeline does it: half-pixel centres, no
 * antialiasing, computed in float and truncated back to bytes.
 *
 * <p>Frames are {@code [T, H, W, 3]} bytes. Threads may share nothing: all methods are pure.
 */
public final class FrameResizer {
  private FrameResizer() {}

  /** A frame size in pixels. */
  public record Size(int height, int width) {}

  /**
   * The size after bringing the shorter side to {@code shortSide}, keeping the aspect ratio: {@code
   * max(r, ⌊h·r/w⌋) x max(r, ⌊w·r/h⌋)}. Zero keeps the size.
   */
  public static Size shortSide(int height, int width, int shortSide) {
    if (shortSide == 0) {
      return new Size(height, width);
    }
    long tall = (long) height * shortSide / width;
    long wide = (long) width * shortSide / height;
    return new Size(
        Math.toIntExact(Math.max(shortSide, tall)), Math.toIntExact(Math.max(shortSide, wide)));
  }

  /**
   * Resizes every frame. Returns the same array if the size already fits.
   *
   * @param pixels {@code [frames, height, width, 3]}
   * @return {@code [frames, outHeight, outWidth, 3]}
   */
  public static byte[] bilinear(
      byte[] pixels, int frames, int height, int width, int outHeight, int outWidth) {
    requireLength(pixels, frames, height, width);
    if (height == outHeight && width == outWidth) {
      return pixels;
    }
    byte[] out = new byte[PixelCount.bytes(frames, outHeight, outWidth)];
    Size stored = new Size(height, width);
    Size resized = new Size(outHeight, outWidth);
    new FrameCutter(stored, resized, FrameCutter.Window.whole(resized))
        .cut((region, part) -> region.copy(pixels, stored, part), 0, frames, out);
    return out;
  }

  private static void requireLength(byte[] pixels, int frames, int height, int width) {
    int expected = PixelCount.bytes(frames, height, width);
    if (pixels.length != expected) {
      throw new IllegalArgumentException(
          "Found %d bytes of pixels, expected %d for [%d, %d, %d, 3]"
              .formatted(pixels.length, expected, frames, height, width));
    }
  }
}
