package vivit.model.regularise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import vivit.model.regularise.CutMix.PastedBox;
import vivit.model.shape.TokenGrid;
import vivit.model.shape.Tubelet;

/** Against pixels {@code [b, T, H, W, 3]} in plain loops; every axis has another size. */
class CutMixTest {
  private static final TokenGrid GRID = new TokenGrid(2, 3, 4);
  private static final Tubelet TUBELET = new Tubelet(2, 5, 7);
  private static final int FRAMES = 4;
  private static final int HEIGHT = 15;
  private static final int WIDTH = 28;
  private static final CutMix CUT_MIX = new CutMix(GRID, TUBELET);

  @Property(tries = 150)
  void aBoxOfThePartnerIsPastedIntoEveryFrame(
      @ForAll @IntRange(min = 2, max = 5) int clips,
      @ForAll @IntRange(max = HEIGHT - 1) int top,
      @ForAll @IntRange(max = WIDTH - 1) int left,
      @ForAll @IntRange(max = HEIGHT) int height,
      @ForAll @IntRange(max = WIDTH) int width) {
    PastedBox box =
        new PastedBox(top, left, Math.min(height, HEIGHT - top), Math.min(width, WIDTH - left));
    int values = GRID.tokens() * TUBELET.values();
    float[] found = new float[(2 * clips + 1) * values];
    float[] expected = found.clone();
    for (int clip = 0; clip < clips; clip++) {
      write(clip, clip, box, found, (clips + clip) * values);
      write(clip, clips - 1 - clip, box, expected, (clips + clip) * values);
    }
    INDArray all =
        Nd4j.createFromArray(found).reshape(2 * clips + 1, GRID.tokens(), TUBELET.values());

    CUT_MIX.paste(all.get(NDArrayIndex.interval(clips, 2 * clips)), box);

    assertThat(all.dup().data().asFloat()).isEqualTo(expected);
  }

  /** A clip with the box of another, cut into tokens pixel by pixel; every pixel has its number. */
  private static void write(int clip, int inBox, PastedBox box, float[] out, int at) {
    for (int t = 0; t < FRAMES; t++) {
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          for (int c = 0; c < 3; c++) {
            boolean inside =
                y >= box.top()
                    && y < box.top() + box.height()
                    && x >= box.left()
                    && x < box.left() + box.width();
            int from = inside ? inBox : clip;
            int token = (t / 2 * 3 + y / 5) * 4 + x / 7;
            int value = ((t % 2 * 5 + y % 5) * 7 + x % 7) * 3 + c;
            out[at + token * TUBELET.values() + value] =
                1 + (((from * FRAMES + t) * HEIGHT + y) * WIDTH + x) * 3 + c;
          }
        }
      }
    }
  }

  /** The corners as timm's rand_bbox has them. */
  @Property(tries = 300)
  void boxesLieWithinTheFrameAndLambdaIsTheRest(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 5) double alpha) {
    PastedBox box = CUT_MIX.draw(alpha, seed);

    double side = Math.sqrt(1 - Mixup.lambda(alpha, seed));
    assertThat(box.top()).isBetween(0, HEIGHT - 1);
    assertThat(box.left()).isBetween(0, WIDTH - 1);
    assertThat(box.top() + box.height()).isBetween(box.top(), HEIGHT);
    assertThat(box.left() + box.width()).isBetween(box.left(), WIDTH);
    assertThat(box.height()).isLessThanOrEqualTo((int) (HEIGHT * side) / 2 * 2);
    assertThat(box.width()).isLessThanOrEqualTo((int) (WIDTH * side) / 2 * 2);
    assertThat(CUT_MIX.lambda(box))
        .isEqualTo(1 - box.height() * box.width() / 420.0, within(1e-15));
    assertThat(CUT_MIX.draw(alpha, seed)).isEqualTo(box);
  }

  /**
   * Beta(1, 1) is uniform. With half a side h = int(side * H) / 2 and a uniform centre y in 0 to H
   * - 1, the mean length of the clipped box is computed exactly here, for sides in small steps.
   */
  @Test
  void areasAreThoseOfClippedBoxesWithUniformCentres() {
    double expected = 0;
    int steps = 20_000;
    for (int i = 0; i < steps; i++) {
      double side = Math.sqrt((i + 0.5) / steps);
      expected += meanLength(HEIGHT, side) * meanLength(WIDTH, side) / (HEIGHT * WIDTH) / steps;
    }

    double[] shares =
        LongStream.range(0, 20_000)
            .mapToDouble(seed -> 1 - CUT_MIX.lambda(CUT_MIX.draw(1, seed)))
            .toArray();

    assertThat(Arrays.stream(shares).average().orElseThrow()).isEqualTo(expected, within(0.006));
  }

  private static double meanLength(int size, double side) {
    int half = (int) (size * side) / 2;
    double sum = 0;
    for (int centre = 0; centre < size; centre++) {
      sum += Math.min(size, centre + half) - Math.max(0, centre - half);
    }
    return sum / size;
  }

  @Test
  void refusesASingleClip() {
    INDArray one = Nd4j.create(DataType.FLOAT, 1, GRID.tokens(), TUBELET.values());
    assertThatThrownBy(() -> CUT_MIX.paste(one, new PastedBox(0, 0, 1, 1)))
        .hasMessage("CutMix needs at least 2 rows, found 1");
  }
}
