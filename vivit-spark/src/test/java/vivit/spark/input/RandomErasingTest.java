package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vivit.model.shape.ClipShape;
import vivit.spark.input.RandomErasing.Box;

class RandomErasingTest {

  @Property(tries = 1000)
  void boxesLieWithinTheFrame(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 80) int height,
      @ForAll @IntRange(min = 1, max = 80) int width) {
    ClipShape shape = new ClipShape(2, height, width);

    RandomErasing.draw(shape, 1, draws(seed))
        .ifPresent(
            box -> {
              assertThat(box.height()).isPositive();
              assertThat(box.width()).isPositive();
              assertThat(box.top()).isNotNegative();
              assertThat(box.left()).isNotNegative();
              assertThat(box.top() + box.height()).isLessThanOrEqualTo(height);
              assertThat(box.left() + box.width()).isLessThanOrEqualTo(width);
            });
  }

  /** Within rounding to whole pixels. */
  @Property(tries = 1000)
  void areaAndAspectKeepTheirRanges(@ForAll long seed) {
    ClipShape shape = new ClipShape(1, 224, 224);

    Box box = RandomErasing.draw(shape, 1, draws(seed)).orElseThrow();

    assertThat(box.height() * box.width() / (224.0 * 224)).isBetween(0.018, 0.342);
    assertThat((double) box.height() / box.width()).isBetween(0.28, 3.55);
  }

  @Test
  void itsTurnComesAsOftenAsItsProbability() {
    ClipShape shape = new ClipShape(1, 30, 40);
    long erased = 0;
    for (int seed = 0; seed < 10_000; seed++) {
      erased += RandomErasing.draw(shape, 0.25, draws(seed)).isPresent() ? 1 : 0;
    }

    assertThat(erased).isBetween(2350L, 2650L);
    assertThat(RandomErasing.draw(shape, 0, draws(1))).isEmpty();
  }

  @Test
  void theSameBoxOfAllFramesIsNoise() {
    float[] clip = new float[5 * 40 * 60 * 3];
    Arrays.fill(clip, 9);
    Draws draws = draws(2);

    for (int start = 0; start < clip.length; start += 40 * 60 * 3) {
      new Box(3, 7, 20, 30).fill(clip, start, 60, draws::normal);
    }

    double sum = 0;
    double squares = 0;
    for (int t = 0; t < 5; t++) {
      for (int y = 0; y < 40; y++) {
        for (int x = 0; x < 60; x++) {
          for (int c = 0; c < 3; c++) {
            float value = clip[((t * 40 + y) * 60 + x) * 3 + c];
            if (y >= 3 && y < 23 && x >= 7 && x < 37) {
              assertThat(value).isNotEqualTo(9);
              sum += value;
              squares += value * value;
            } else {
              assertThat(value).isEqualTo(9);
            }
          }
        }
      }
    }
    double count = 5 * 20 * 30 * 3;
    assertThat(sum / count).isCloseTo(0, within(0.05));
    assertThat(squares / count).isCloseTo(1, within(0.05));
  }

  private static Draws draws(long seed) {
    return Draws.of(Draws.Use.ERASING, seed, 1, 2);
  }
}
