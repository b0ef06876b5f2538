package vivit.model.initialise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GridChangeTest {

  @Test
  void cornersLieOnCorners() {
    assertThat(line(7, 0, 10, 20, 30)).containsExactly(0, 5, 10, 15, 20, 25, 30);
    assertThat(line(3, 0, 10, 20, 30)).containsExactly(0, 15, 30);
    assertThat(line(1, 4, 9)).containsExactly(4);
    assertThat(line(3, 6)).containsExactly(6, 6, 6);
  }

  @Test
  void aMapIsResizedAlongBothSidesAndRepeated() {
    float[] table = {9, 0, 2, 4, 6};
    float[] into = new float[1 + 2 * 9];

    new GridChange(2, 2, 3, 3, 2).apply(table, 1, 1, into, 1);

    assertThat(into).containsExactly(0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 0, 1, 2, 2, 3, 4, 4, 5, 6);
  }

  /** A ramp along height, width and channel is its own interpolation, on any sizes. */
  @Property(tries = 200)
  void aRampStaysARamp(
      @ForAll @IntRange(min = 1, max = 9) int fromHeight,
      @ForAll @IntRange(min = 1, max = 9) int fromWidth,
      @ForAll @IntRange(min = 1, max = 9) int toHeight,
      @ForAll @IntRange(min = 1, max = 9) int toWidth) {
    GridChange change = new GridChange(fromHeight, fromWidth, toHeight, toWidth, 1);
    float[] into = new float[toHeight * toWidth * 2];

    change.apply(ramp(fromHeight, fromWidth), 0, 2, into, 0);

    for (int y = 0; y < toHeight; y++) {
      for (int x = 0; x < toWidth; x++) {
        for (int c = 0; c < 2; c++) {
          double expected = 3 * at(y, toHeight, fromHeight) + at(x, toWidth, fromWidth) + 100 * c;
          assertThat((double) into[(y * toWidth + x) * 2 + c]).isEqualTo(expected, within(1e-4));
        }
      }
    }
  }

  private static double at(int i, int outputs, int inputs) {
    return outputs == 1 ? 0 : i * (inputs - 1.0) / (outputs - 1.0);
  }

  private static float[] ramp(int height, int width) {
    float[] ramp = new float[height * width * 2];
    for (int i = 0; i < ramp.length; i++) {
      int position = i / 2;
      int row = position / width;
      ramp[i] = 3 * row + position % width + 100 * (i % 2);
    }
    return ramp;
  }

  private static float[] line(int to, float... values) {
    float[] into = new float[to];
    new GridChange(1, values.length, 1, to, 1).apply(values, 0, 1, into, 0);
    return into;
  }
}
