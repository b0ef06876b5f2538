package vivit.spark.input;

import java.util.Optional;
import java.util.function.DoubleSupplier;
import vivit.model.shape.ClipShape;

/**
 * Replaces a box of the frame, the same in all frames of a clip, by normal noise; docs/vivit.md,
 * 6.1.
 *
 * <p>The box covers 2 to 33 % of the frame, its height over its width is log-uniform from 0.3 to 1
 * / 0.3, and it lies anywhere within the frame. After ten boxes that do not fit, nothing is erased.
 *
 * @see <a href="https://arxiv.org/abs/1708.04896">Zhong et al., Random Erasing</a>
 */
final class RandomErasing {
  private static final double MIN_AREA = 0.02;
  private static final double MAX_AREA = 1.0 / 3;
  private static final double LOG_ASPECT = StrictMath.log(1 / 0.3);
  private static final int TRIES = 10;

  private RandomErasing() {}

  /**
   * A part of the frame.
   *
   * @param top its first row
   * @param left its first column
   * @param height in pixels
   * @param width in pixels
   */
  record Box(int top, int left, int height, int width) {

    /**
     * Overwrites the box in one frame {@code [H, W, 3]} of floats.
     *
     * @param start index of the frame's first value in {@code floats}
     * @param frameWidth W
     */
    void fill(float[] floats, int start, int frameWidth, DoubleSupplier values) {
      for (int y = top; y < top + height; y++) {
        int line = start + y * frameWidth * 3;
        for (int i = line + left * 3; i < line + (left + width) * 3; i++) {
          floats[i] = (float) values.getAsDouble();
        }
      }
    }
  }

  /**
   * Draws the box of one clip; absent if nothing is erased.
   *
   * @param probability that a clip has a box
   * @param draws also the source of the noise afterwards
   */
  static Optional<Box> draw(ClipShape shape, double probability, Draws draws) {
    if (draws.unit() >= probability) {
      return Optional.empty();
    }
    for (int i = 0; i < TRIES; i++) {
      double area = shape.height() * shape.width() * draws.between(MIN_AREA, MAX_AREA);
      double aspect = StrictMath.exp(draws.between(-LOG_ASPECT, LOG_ASPECT));
      int height = side(Math.sqrt(area * aspect));
      int width = side(Math.sqrt(area / aspect));
      if (height <= shape.height() && width <= shape.width()) {
        return Optional.of(
            new Box(
                draws.below(shape.height() - height + 1),
                draws.below(shape.width() - width + 1),
                height,
                width));
      }
    }
    return Optional.empty();
  }

  private static int side(double length) {
    return Math.max(1, (int) Math.rint(length));
  }
}
