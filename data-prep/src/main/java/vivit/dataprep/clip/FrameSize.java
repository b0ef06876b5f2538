package vivit.dataprep.clip;

/** A frame size in pixels. */
public record FrameSize(int height, int width) {
  /**
   * The size after bringing the shorter side to {@code shortSide}, keeping the aspect ratio: {@code
   * max(r, ⌊h·r/w⌋) x max(r, ⌊w·r/h⌋)}. Zero keeps the size.
   */
  public static FrameSize ofShortSide(int height, int width, int shortSide) {
    if (shortSide == 0) {
      return new FrameSize(height, width);
    }
    long tall = (long) height * shortSide / width;
    long wide = (long) width * shortSide / height;
    return new FrameSize(
        Math.toIntExact(Math.max(shortSide, tall)), Math.toIntExact(Math.max(shortSide, wide)));
  }
}
