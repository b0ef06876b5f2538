package vivit.model.regularise;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
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

  /** Pixels {@code from} to {@code to} of the tokens {@code first} to {@code end}, on one axis. */
  private record Stretch(int first, int end, int from, int to) {
    boolean empty() {
      return first >= end || from >= to;
    }
  }

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
    for (long row = 0; row < rows / 2; row++) {
      // Both get the other's pixels, so they change places.
      INDArray first = pixels(x.slice(row));
      INDArray second = pixels(x.slice(rows - 1 - row));
      for (Stretch y : stretches(box.top(), box.height(), tubelet.height())) {
        for (Stretch across : stretches(box.left(), box.width(), tubelet.width())) {
          exchange(first.get(part(y, across)), second.get(part(y, across)));
        }
      }
    }
  }

  private static void exchange(INDArray a, INDArray b) {
    try (INDArray kept = a.dup()) {
      a.assign(b);
      b.assign(kept);
    }
  }

  private int height() {
    return grid.height() * tubelet.height();
  }

  private int width() {
    return grid.width() * tubelet.width();
  }

  /** A view of a clip's tokens: {@code [time, grid rows, grid columns, t, p, p 3]}. */
  private INDArray pixels(INDArray tokens) {
    return tokens.reshape(
        'c',
        true,
        grid.time(),
        grid.height(),
        grid.width(),
        tubelet.frames(),
        tubelet.height(),
        (long) tubelet.width() * Tubelet.CHANNELS);
  }

  private static INDArrayIndex[] part(Stretch y, Stretch across) {
    return new INDArrayIndex[] {
      NDArrayIndex.all(),
      NDArrayIndex.interval(y.first(), y.end()),
      NDArrayIndex.interval(across.first(), across.end()),
      NDArrayIndex.all(),
      NDArrayIndex.interval(y.from(), y.to()),
      NDArrayIndex.interval(
          (long) across.from() * Tubelet.CHANNELS, (long) across.to() * Tubelet.CHANNELS)
    };
  }

  /** Cuts pixels of one axis into a first token, whole ones, and a last one. */
  private static List<Stretch> stretches(int from, int length, int token) {
    int to = from + length;
    int first = from / token;
    int last = to / token;
    if (first == last) {
      return some(new Stretch(first, first + 1, from % token, to % token));
    }
    int whole = from % token == 0 ? first : first + 1;
    return some(
        new Stretch(first, whole, from % token, token),
        new Stretch(whole, last, 0, token),
        new Stretch(last, last + 1, 0, to % token));
  }

  private static List<Stretch> some(Stretch... stretches) {
    return Stream.of(stretches).filter(part -> !part.empty()).toList();
  }
}
