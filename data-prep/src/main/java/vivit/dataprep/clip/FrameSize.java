package vivit.dataprep.clip;

/** A frame size in pixels. */
public record FrameSize(int height, int width) {
  /**
   * Scales a size such that the shorter side becomes {@code shortSide} and the aspect ratio is
   * kept: {@code max(r, ⌊h·r/w⌋) x max(r, ⌊w·r/h⌋)}. Zero keeps the size.
   */
  public static FrameSize ofShortSide(int height, int width, int shortSide) {
    if (shortSide == 0) {
      return new FrameSize(height, width);
    }
    long newHeight = Math.max(shortSide, (long) height * shortSide / width);
    long newWidth = Math.max(shortSide, (long) width * shortSide / height);
    return new FrameSize(Math.toIntExact(newHeight), Math.toIntExact(newWidth));
  }
}
