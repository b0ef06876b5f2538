package vivit.spark.input.pixels;

import java.util.Arrays;
import vivit.model.shape.ClipShape;

/**
 * Blackens a square, the same in all frames, as far as it lies within the frame.
 *
 * @param halfSize half its side in pixels
 * @param row of its centre
 * @param column of its centre
 */
public record Cutout(int halfSize, int row, int column) implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    int top = Math.max(0, row - halfSize);
    int bottom = Math.min(shape.height(), row + halfSize);
    int left = Math.max(0, column - halfSize);
    int right = Math.min(shape.width(), column + halfSize);
    for (int frame = 0; frame < shape.frames(); frame++) {
      for (int y = top; y < bottom; y++) {
        int line = (frame * shape.height() + y) * shape.width();
        Arrays.fill(pixels, (line + left) * 3, (line + right) * 3, (byte) 0);
      }
    }
  }
}
