package vivit.spark.input.pixels;

import java.util.function.DoubleSupplier;
import vivit.model.shape.ClipShape;

/**
 * A part of the frame.
 *
 * @param top its first row
 * @param left its first column
 * @param height in pixels
 * @param width in pixels
 */
public record Box(int top, int left, int height, int width) {

  /** Overwrites the box in all frames of a clip {@code [T, H, W, 3]} of floats. */
  public void fill(float[] clip, ClipShape shape, DoubleSupplier values) {
    for (int frame = 0; frame < shape.frames(); frame++) {
      for (int y = top; y < top + height; y++) {
        int line = (frame * shape.height() + y) * shape.width();
        for (int i = (line + left) * 3; i < (line + left + width) * 3; i++) {
          clip[i] = (float) values.getAsDouble();
        }
      }
    }
  }
}
