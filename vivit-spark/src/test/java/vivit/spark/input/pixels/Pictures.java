package vivit.spark.input.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import vivit.model.shape.ClipShape;

/**
 * Small clips for plain loops: bytes on the one side, {@code [row][column][channel]} of a tall
 * image on the other.
 */
final class Pictures {

  private Pictures() {}

  /** A value before it is truncated to a byte. */
  interface Exact {
    double of(int row, int column, int channel);
  }

  /** Pixels between two values. */
  static byte[] random(ClipShape shape, long seed, int low, int high) {
    Random random = new Random(seed);
    byte[] pixels = new byte[shape.frames() * shape.height() * shape.width() * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (low + random.nextInt(high - low + 1));
    }
    return pixels;
  }

  /** The tall image {@code [T*H][W][3]} of a clip. */
  static int[][][] tall(byte[] pixels, ClipShape shape) {
    int[][][] tall = new int[shape.frames() * shape.height()][shape.width()][3];
    int at = 0;
    for (int[][] row : tall) {
      for (int[] pixel : row) {
        for (int channel = 0; channel < 3; channel++) {
          pixel[channel] = Byte.toUnsignedInt(pixels[at++]);
        }
      }
    }
    return tall;
  }

  /**
   * Applies the operation and compares every pixel with what plain arithmetic says: clipped,
   * truncated. A value that is almost but not quite whole may be rounded to either side of it.
   */
  static void requireEqual(PixelOperation operation, byte[] pixels, ClipShape shape, Exact exact) {
    byte[] changed = pixels.clone();
    operation.apply(changed, shape);
    int[][][] found = tall(changed, shape);
    for (int row = 0; row < found.length; row++) {
      for (int column = 0; column < found[row].length; column++) {
        for (int channel = 0; channel < 3; channel++) {
          double value = Math.max(0, Math.min(255, exact.of(row, column, channel)));
          double whole = Math.rint(value);
          boolean almostWhole = value != whole && Math.abs(value - whole) < 1e-3;
          Integer[] expected =
              almostWhole
                  ? new Integer[] {(int) whole, (int) whole - 1}
                  : new Integer[] {(int) value};
          assertThat(found[row][column][channel])
              .as("%s of row %d, column %d, channel %d", operation, row, column, channel)
              .isIn((Object[]) expected);
        }
      }
    }
  }
}
