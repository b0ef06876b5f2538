package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Goes from a smoothed clip towards the clip itself and beyond.
 *
 * <p>Smooth is the mean over 3 x 3 pixels with five times the weight in the middle, truncated to a
 * byte. It runs over the tall image, so the last row of a frame meets the first of the next; only
 * the tall image's outer pixels keep their values.
 *
 * @param factor 0 is smooth, 1 the clip itself
 */
public record Sharpness(float factor) implements Operation {
  private static final int WEIGHTS = 13;

  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    int rows = shape.frames() * shape.height();
    int length = shape.width() * 3;
    Blend blend = new Blend(factor);
    byte[] above = new byte[length];
    byte[] here = new byte[length];
    System.arraycopy(pixels, 0, here, 0, length);
    int[] columns = new int[length];
    for (int row = 1; row + 1 < rows; row++) {
      byte[] old = above;
      above = here;
      here = old;
      int line = row * length;
      System.arraycopy(pixels, line, here, 0, length);
      for (int i = 0; i < length; i++) {
        columns[i] = (above[i] & 0xff) + (here[i] & 0xff) + (pixels[line + length + i] & 0xff);
      }
      for (int i = 3; i + 3 < length; i++) {
        int value = here[i] & 0xff;
        int smooth = (columns[i - 3] + columns[i] + columns[i + 3] + 4 * value) / WEIGHTS;
        pixels[line + i] = blend.of(smooth, value);
      }
    }
  }
}
