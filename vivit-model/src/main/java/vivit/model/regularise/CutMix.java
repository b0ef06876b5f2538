package vivit.model.regularise;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import vivit.model.shape.TokenGrid;
import vivit.model.shape.Tubelet;

/**
 * Pastes a box of clip n - 1 - i of n into clip i, in the same place in all frames; docs/vivit.md,
 * 5.1. Works on tokens, to the pixel: the box may cut through tubelets.
 *
 * <p>The labels are mixed by {@link Mixup#mix} with {@link #lambda}, the share of the frame that
 * the clip keeps.
 *
 * @see <a href="https://arxiv.org/abs/1905.04899">Yun et al., CutMix</a>
 */
public final class CutMix {
  private final TokenGrid grid;
  private final Tubelet tubelet;

  /** A clip's tokens are this grid of tubelets; its frame is what they cover. */
  public CutMix(TokenGrid grid, Tubelet tubelet) {
    this.grid = grid;
    this.tubelet = tubelet;
  }

  /**
   * A part of the frame, possibly empty.
   *
   * @param top its first row
   * @param left its first column
   * @param height in pixels
   * @param width in pixels
   */
  public record PastedBox(int top, int left, int height, int width) {}

  /**
   * Draws a box: the sides are those of the frame times sqrt(1 - l) with l from Beta(alpha, alpha),
   * rounded down to an even number; the centre is uniform; what lies outside the frame is cut off.
   *
   * @param alpha above 0
   * @return a pure function of the arguments and the size of the frame
   */
  public PastedBox draw(double alpha, long seed) {
    double side = Math.sqrt(1 - Mixup.lambda(alpha, seed));
    SplittableRandom random = new SplittableRandom(Seeds.mix(seed, 2));
    int halfHeight = (int) (height() * side) / 2;
    int halfWidth = (int) (width() * side) / 2;
    int y = random.nextInt(height());
    int x = random.nextInt(width());
    int top = Math.max(0, y - halfHeight);
    int left = Math.max(0, x - halfWidth);
    return new PastedBox(
        top,
        left,
        Math.min(height(), y + halfHeight) - top,
        Math.min(width(), x + halfWidth) - left);
  }

  /** The share of the frame outside the box: the weight of the clip's own label. */
  public double lambda(PastedBox box) {
    return 1 - (double) box.height() * box.width() / ((double) height() * width());
  }

  /**
   * Pastes the box into all rows, in place; the middle row of an odd number does not change.
   *
   * @param x {@code [b, n, t p p 3]}, contiguous, b at least 2
   */
  public void paste(INDArray x, PastedBox box) {
    long rows = x.size(0);
    if (rows < 2) {
      throw new IllegalArgumentException("CutMix needs at least 2 rows, found " + rows);
    }
    try (INDArray inside = Nd4j.createFromArray(mask(box));
        INDArray outside = inside.rsub(1)) {
      for (long row = 0; row < rows / 2; row++) {
        exchange(times(x.slice(row)), times(x.slice(rows - 1 - row)), inside, outside);
      }
    }
  }

  /** Both get the other's pixels inside; numbers times 0 or 1, added to 0, stay what they are. */
  private static void exchange(INDArray a, INDArray b, INDArray inside, INDArray outside) {
    try (INDArray fromA = a.mulRowVector(inside);
        INDArray fromB = b.mulRowVector(inside)) {
      a.muliRowVector(outside).addi(fromB);
      b.muliRowVector(outside).addi(fromA);
    }
  }

  /** A view of a clip's tokens {@code [n, v]}: {@code [time, S v]}. */
  private INDArray times(INDArray tokens) {
    return tokens.reshape('c', true, grid.time(), (long) grid.spatial() * tubelet.values());
  }

  /** The values of one time, {@code [S t p p 3]}: 1 inside the box, 0 elsewhere. */
  private float[] mask(PastedBox box) {
    float[] mask = new float[grid.spatial() * tubelet.values()];
    int run = tubelet.width() * Tubelet.CHANNELS;
    for (int y = box.top(); y < box.top() + box.height(); y++) {
      for (int x = box.left(); x < box.left() + box.width(); x++) {
        int token = y / tubelet.height() * grid.width() + x / tubelet.width();
        for (int t = 0; t < tubelet.frames(); t++) {
          int line = (token * tubelet.frames() + t) * tubelet.height() + y % tubelet.height();
          int at = line * run + x % tubelet.width() * Tubelet.CHANNELS;
          Arrays.fill(mask, at, at + Tubelet.CHANNELS, 1);
        }
      }
    }
    return mask;
  }

  private int height() {
    return grid.height() * tubelet.height();
  }

  private int width() {
    return grid.width() * tubelet.width();
  }
}
