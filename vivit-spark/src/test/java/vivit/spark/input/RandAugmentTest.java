package vivit.spark.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import vivit.model.shape.ClipShape;
import vivit.spark.input.RandAugment.AugmentRule;
import vivit.spark.input.pixels.Blends.Brightness;
import vivit.spark.input.pixels.Blends.Colour;
import vivit.spark.input.pixels.Blends.Contrast;
import vivit.spark.input.pixels.Blends.MeanContrast;
import vivit.spark.input.pixels.Blends.Sharpness;
import vivit.spark.input.pixels.Moves.Rotate;
import vivit.spark.input.pixels.Moves.Shear;
import vivit.spark.input.pixels.Moves.Translate;
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
    assertThatThrownBy(() -> RandAugment.reference(12, 15, 0, 0))
        .hasMessageContaining("expected 0 to 11");
  }

  private static List<PixelOperation> operations(double magnitude) {
    return IntStream.range(0, 12)
        .mapToObj(choice -> RandAugment.reference(choice, magnitude, 1, 4))
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
    reference(1).apply(augmented, SHAPE, 15, draws(3));
    Draws same = draws(3);
    byte[] expected = clip.clone();
    int choice = same.below(12);
    int row = same.below(3);
    RandAugment.reference(choice, 15, row, same.below(5)).apply(expected, SHAPE);

    assertThat(augmented).isEqualTo(expected);
    assertThat(drawn).hasSize(12);
    assertThat(drawn.values()).allSatisfy(times -> assertThat(times).isBetween(850, 1150));
  }

  /** A second layer works on what the first has left, whatever that drew. */
  @Test
  void layersFollowEachOther() {
    for (int seed = 0; seed < 50; seed++) {
      byte[] twice = clip();
      reference(2).apply(twice, SHAPE, 9, draws(seed));
      byte[] once = clip();
      Draws draws = draws(seed);
      RandAugment layer = reference(1);
      layer.apply(once, SHAPE, 9, draws);
      layer.apply(once, SHAPE, 9, draws);

      assertThat(twice).isEqualTo(once);
    }
  }

  @Test
  void noLayersChangeNothing() {
    byte[] clip = clip();
    reference(0).apply(clip, SHAPE, 15, draws(1));
    assertThat(clip).isEqualTo(clip());
  }

  /** Those of timm's {@code _RAND_INCREASING_TRANSFORMS}, at its magnitudes 0, 7 and 10. */
  @Test
  void timmsMagnitudesMeanWhatTheyMeanThere() {
    assertThat(timm(7, -1))
        .containsExactly(
            new AutoContrast(),
            new Equalise(),
            new Invert(),
            new Rotate(-21),
            new Posterise(2),
            new Solarise(77),
            new SolariseAdd(77),
            new Colour(0.37f),
            new MeanContrast(0.37f),
            new Brightness(0.37f),
            new Sharpness(0.37f),
            new Shear(-0.21, 0),
            new Shear(0, -0.21),
            new Translate(-0.315, 0),
            new Translate(0, -0.315));
    assertThat(timm(7, 1)).contains(new Rotate(21), new Colour(1.63f), new Shear(0.21, 0));
    assertThat(timm(10, 1)).contains(new Posterise(0), new Solarise(0), new Translate(0.45, 0));
    assertThat(timm(0, 1)).contains(new Posterise(4), new Identity(), new SolariseAdd(0));
    assertThatThrownBy(() -> RandAugment.timm(15, 7, 1)).hasMessageContaining("expected 0 to 14");
  }

  private static List<PixelOperation> timm(double magnitude, double sign) {
    return IntStream.range(0, 15)
        .mapToObj(choice -> RandAugment.timm(choice, magnitude, sign))
        .toList();
  }

  /** Half of the draws do nothing, and the others have magnitudes around the stated one. */
  @Test
  void timmsDrawsVary() {
    RandAugment augment = new RandAugment(AugmentRule.TIMM, 1, 0.5);
    Set<ByteBuffer> results = new HashSet<>();
    int unchanged = 0;
    for (int seed = 0; seed < 2000; seed++) {
      byte[] clip = clip();
      augment.apply(clip, SHAPE, 7, draws(seed));
      unchanged += Arrays.equals(clip, clip()) ? 1 : 0;
      results.add(ByteBuffer.wrap(clip));
    }
    assertThat(unchanged).isBetween(900, 1250);
    // 28 without a deviation: nothing, four that know no magnitude or steps, twelve in two
    // directions
    assertThat(results).hasSizeGreaterThan(200);
  }

  /** Statistics are those of a frame: its operations do not see the other frames. */
  @Test
  void timmAugmentsFramesAlike() {
    RandAugment augment = new RandAugment(AugmentRule.TIMM, 4, 0.5);
    ClipShape frame = new ClipShape(1, 3, 5);
    for (int seed = 0; seed < 100; seed++) {
      byte[] clip = clip();
      augment.apply(clip, SHAPE, 7, draws(seed));
      for (int start = 0; start < clip.length; start += clip.length / 2) {
        byte[] alone = Arrays.copyOfRange(clip(), start, start + clip.length / 2);
        augment.apply(alone, frame, 7, draws(seed));
        assertThat(Arrays.copyOfRange(clip, start, start + clip.length / 2)).isEqualTo(alone);
      }
    }
  }

  private static RandAugment reference(int layers) {
    return new RandAugment(AugmentRule.REFERENCE, layers, 0);
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
