package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import vivit.model.shape.ClipShape;
import vivit.spark.input.pixels.Blends.Brightness;
import vivit.spark.input.pixels.Blends.Colour;
import vivit.spark.input.pixels.Blends.Contrast;
import vivit.spark.input.pixels.Blends.Sharpness;
import vivit.spark.input.pixels.PixelOperation;
import vivit.spark.input.pixels.PixelOperation.Cutout;
import vivit.spark.input.pixels.PixelOperation.Identity;
import vivit.spark.input.pixels.Tones.AutoContrast;
import vivit.spark.input.pixels.Tones.Equalise;
import vivit.spark.input.pixels.Tones.Invert;
import vivit.spark.input.pixels.Tones.Posterise;
import vivit.spark.input.pixels.Tones.Solarise;
import vivit.spark.input.pixels.Tones.SolariseAdd;

class RandAugmentTest {
  private static final ClipShape SHAPE = new ClipShape(2, 3, 5);

  @Test
  void magnitudesMeanWhatTheyMeanInTheReference() {
    assertThat(operations(15))
        .containsExactly(
            new AutoContrast(),
            new Equalise(),
            new Invert(),
            new Posterise(6),
            new Solarise(384),
            new Colour(2.8f),
            new Contrast(2.8f),
            new Brightness(2.8f),
            new Sharpness(2.8f),
            new Cutout(60, 1, 4),
            new SolariseAdd(165),
            new Identity());
    assertThat(operations(20))
        .contains(
            new Posterise(8),
            new Solarise(512),
            new Colour(3.7f),
            new Cutout(80, 1, 4),
            new SolariseAdd(220));
    assertThat(operations(9.9)).contains(new Posterise(3), new Solarise(253), new Cutout(39, 1, 4));
    assertThatThrownBy(() -> RandAugment.operation(12, 15, 0, 0))
        .hasMessageContaining("expected 0 to 11");
  }

  private static List<PixelOperation> operations(double magnitude) {
    return IntStream.range(0, 12)
        .mapToObj(choice -> RandAugment.operation(choice, magnitude, 1, 4))
        .toList();
  }

  /** One layer of a clip gives one of the twelve results, all about equally often. */
  @Test
  void everyOperationIsDrawn() {
    byte[] clip = clip();
    Map<Integer, Integer> drawn = new HashMap<>();
    for (int seed = 0; seed < 12_000; seed++) {
      Draws draws = draws(seed);
      drawn.merge(draws.below(12), 1, Integer::sum);
    }
    byte[] augmented = clip.clone();
    new RandAugment(SHAPE, 1).apply(augmented, 15, draws(3));
    Draws same = draws(3);
    byte[] expected = clip.clone();
    int choice = same.below(12);
    int row = same.below(3);
    RandAugment.operation(choice, 15, row, same.below(5)).apply(expected, SHAPE);

    assertThat(augmented).isEqualTo(expected);
    assertThat(drawn).hasSize(12);
    assertThat(drawn.values()).allSatisfy(times -> assertThat(times).isBetween(850, 1150));
  }

  /** A second layer works on what the first has left, whatever that drew. */
  @Test
  void layersFollowEachOther() {
    for (int seed = 0; seed < 50; seed++) {
      byte[] twice = clip();
      new RandAugment(SHAPE, 2).apply(twice, 9, draws(seed));
      byte[] once = clip();
      Draws draws = draws(seed);
      RandAugment layer = new RandAugment(SHAPE, 1);
      layer.apply(once, 9, draws);
      layer.apply(once, 9, draws);

      assertThat(twice).isEqualTo(once);
    }
  }

  @Test
  void noLayersChangeNothing() {
    byte[] clip = clip();
    new RandAugment(SHAPE, 0).apply(clip, 15, draws(1));
    assertThat(clip).isEqualTo(clip());
  }

  private static Draws draws(int seed) {
    return Draws.of(Draws.Use.RAND_AUGMENT, seed, 0, 0);
  }

  private static byte[] clip() {
    byte[] clip = new byte[2 * 3 * 5 * 3];
    new Random(8).nextBytes(clip);
    return clip;
  }
}
