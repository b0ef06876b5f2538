package vivit.dataprep.clip;

/** Whole frames, resized. */
public final class Resized {
  private Resized() {}

  /** Frames {@code [frames, outHeight, outWidth, 3]} of {@code [frames, height, width, 3]}. */
  public static byte[] bilinear(
      byte[] pixels, int frames, int height, int width, int outHeight, int outWidth) {
    FrameSize stored = new FrameSize(height, width);
    FrameSize resized = new FrameSize(outHeight, outWidth);
    byte[] out = new byte[PixelCount.bytes(frames, outHeight, outWidth)];
    new FrameCutter(stored, resized, FrameCutter.Window.whole(resized))
        .cut((region, part) -> region.copy(pixels, stored, part), 0, frames, out);
    return out;
  }
}
