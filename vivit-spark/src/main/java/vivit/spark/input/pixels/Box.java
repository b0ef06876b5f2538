package vivit.spark.input.pixels;

import java.util.function.DoubleSupplier;

/**
 * A part of the frame.
 *
 * @param top its first row
 * @param left its first column
 * @param height in pixels
 * @param width in pixels
 */
public record Box(int top, int left, int height, int width) {

  /**
   * Overwrites the box in one frame {@code [H, W, 3]} of floats.
   *
   * @param start where in {@code floats} the frame begins
   * @param frameWidth W
   */
  public void fill(float[] floats, int start, int frameWidth, DoubleSupplier values) {
    for (int y = top; y < top + height; y++) {
      int line = start + y * frameWidth * 3;
      for (int i = line + left * 3; i < line + (left + width) * 3; i++) {
        floats[i] = (float) values.getAsDouble();
      }
    }
  }
}
