package vivit.spark.input.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivit.model.shape.ClipShape;
import vivit.spark.input.pixels.Blends.Brightness;
import vivit.spark.input.pixels.Blends.Colour;
import vivit.spark.input.pixels.Blends.Contrast;
import vivit.spark.input.pixels.Blends.Sharpness;
import vivit.spark.input.pixels.PixelOperation.Cutout;
import vivit.spark.input.pixels.PixelOperation.Identity;
import vivit.spark.input.pixels.Tones.AutoContrast;
import vivit.spark.input.pixels.Tones.Equalise;
import vivit.spark.input.pixels.Tones.Invert;
import vivit.spark.input.pixels.Tones.Posterise;
import vivit.spark.input.pixels.Tones.Solarise;
import vivit.spark.input.pixels.Tones.SolariseAdd;

/** Every operation against plain loops over the tall image, written from docs/vivit.md, 6.2. */
class PixelOperationTest {
  private static final ClipShape SHAPE = new ClipShape(3, 5, 7);

  /** All values; only some of them; one value in a channel's whole clip. */
  static Stream<byte[]> clips() {
    byte[] flat = Pictures.random(SHAPE, 3, 10, 200);
    for (int i = 1; i < flat.length; i += 3) {
      flat[i] = 77;
    }
    return Stream.of(Pictures.random(SHAPE, 1, 0, 255), Pictures.random(SHAPE, 2, 40, 140), flat);
  }

  @ParameterizedTest
  @MethodSource("clips")
  void autoContrast(byte[] clip) {
    int[][][] x = Pictures.tall(clip, SHAPE);
    Pictures.requireEqual(
        new AutoContrast(),
        clip,
        SHAPE,
        (row, column, channel) -> {
          int low = 255;
          int high = 0;
          for (int[][] line : x) {
            for (int[] pixel : line) {
              low = Math.min(low, pixel[channel]);
              high = Math.max(high, pixel[channel]);
            }
          }
          int value = x[row][column][channel];
          // Less a hair: float32 may end below the whole number that it should reach.
          return low == high ? value : (value - low) * 255.0 / (high - low) - 1e-9;
        });
  }

  /** A clip large enough for steps above 0; the small ones stay as they are. */
  @ParameterizedTest
  @ValueSource(ints = {4, 19, 60})
  void equalise(int height) {
    ClipShape shape = new ClipShape(3, height, 17);
    byte[] clip = Pictures.random(shape, 5, 30, 90);
    int[][][] x = Pictures.tall(clip, shape);
    Pictures.requireEqual(
        new Equalise(),
        clip,
        shape,
        (row, column, channel) -> {
          int[] counts = new int[256];
          for (int[][] line : x) {
            for (int[] pixel : line) {
              counts[pixel[channel]]++;
            }
          }
          int last = 255;
          while (counts[last] == 0) {
            last--;
          }
          int step = (Arrays.stream(counts).sum() - counts[last]) / 255;
          int value = x[row][column][channel];
          if (step == 0) {
            return value;
          }
          int smaller = Arrays.stream(counts, 0, value).sum();
          return value == 0 ? 0 : (smaller + step / 2) / step;
        });
  }

  @ParameterizedTest
  @MethodSource("clips")
  void invert(byte[] clip) {
    int[][][] x = Pictures.tall(clip, SHAPE);
    Pictures.requireEqual(new Invert(), clip, SHAPE, (r, c, k) -> 255 - x[r][c][k]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 6, 8, 10})
  void posterise(int bits) {
    byte[] clip = Pictures.random(SHAPE, 7, 0, 255);
    int[][][] x = Pictures.tall(clip, SHAPE);
    double unit = Math.pow(2, Math.max(0, 8 - bits));
    Pictures.requireEqual(
        new Posterise(bits), clip, SHAPE, (r, c, k) -> Math.floor(x[r][c][k] / unit) * unit);
  }

  @Test
  void posteriseToSixBitsOnItsFirstValues() {
    byte[] values = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    new Posterise(6).apply(values, new ClipShape(1, 1, 3));
    assertThat(values).containsExactly(0, 0, 0, 0, 4, 4, 4, 4, 8);
  }

  /** 384 is 128 again, 512 and 256 are 0. */
  @ParameterizedTest
  @ValueSource(ints = {0, 100, 255, 256, 384, 512})
  void solarise(int threshold) {
    byte[] clip = Pictures.random(SHAPE, 8, 0, 255);
    int[][][] x = Pictures.tall(clip, SHAPE);
    Pictures.requireEqual(
        new Solarise(threshold),
        clip,
        SHAPE,
        (r, c, k) -> x[r][c][k] < threshold % 256 ? x[r][c][k] : 255 - x[r][c][k]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 110, 165, 220})
  void solariseAdd(int addition) {
    byte[] clip = Pictures.random(SHAPE, 9, 0, 255);
    int[][][] x = Pictures.tall(clip, SHAPE);
    Pictures.requireEqual(
        new SolariseAdd(addition),
        clip,
        SHAPE,
        (r, c, k) -> x[r][c][k] < 128 ? x[r][c][k] + addition : x[r][c][k]);
  }

  @Test
  void solariseAddOnTheReferencesValues() {
    byte[] values = {0, 50, 90, 91, 127, (byte) 128, (byte) 200, 0, 0};
    new SolariseAdd(165).apply(values, new ClipShape(1, 1, 3));
    assertThat(values).containsExactly(165, 215, 255, 255, 255, 128, 200, 165, 165);
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, 0.1f, 0.64f, 1f, 1.9f, 2.8f, 3.7f})
  void brightness(float factor) {
    byte[] clip = Pictures.random(SHAPE, 10, 0, 255);
    int[][][] x = Pictures.tall(clip, SHAPE);
    Pictures.requireEqual(
        new Brightness(factor), clip, SHAPE, (r, c, k) -> (double) factor * x[r][c][k]);
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, 0.1f, 0.64f, 1f, 1.9f, 2.8f, 3.7f})
  void colour(float factor) {
    byte[] clip = Pictures.random(SHAPE, 11, 0, 255);
    int[][][] x = Pictures.tall(clip, SHAPE);
    Pictures.requireEqual(
        new Colour(factor),
        clip,
        SHAPE,
        (r, c, k) -> {
          int[] p = x[r][c];
          int grey = (int) ((0.2989 * p[0] + 0.587 * p[1] + 0.114 * p[2]) / 255 * 255.5);
          return grey + (double) factor * (p[k] - grey);
        });
  }

  /** Few pixels: the even grey is their number divided by 256. Many: it is white. */
  @ParameterizedTest
  @ValueSource(ints = {5, 80, 140, 150, 200})
  void contrast(int height) {
    ClipShape shape = new ClipShape(3, height, 151);
    byte[] clip = Pictures.random(shape, 12, 0, 255);
    int[][][] x = Pictures.tall(clip, shape);
    int grey = Math.min(255, 3 * height * 151 / 256);
    Pictures.requireEqual(
        new Contrast(2.8f), clip, shape, (r, c, k) -> grey + (double) 2.8f * (x[r][c][k] - grey));
  }

  @Test
  void contrastOfARealClipIsThatOfItsNegative() {
    ClipShape shape = new ClipShape(32, 56, 56);
    byte[] clip = Pictures.random(shape, 13, 0, 255);
    int[][][] x = Pictures.tall(clip, shape);
    Pictures.requireEqual(
        new Contrast(2.8f), clip, shape, (r, c, k) -> 255 - (double) 2.8f * (255 - x[r][c][k]));
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, 0.1f, 0.64f, 1f, 1.9f, 2.8f, 3.7f})
  void sharpness(float factor) {
    byte[] clip = Pictures.random(SHAPE, 14, 0, 255);
    int[][][] x = Pictures.tall(clip, SHAPE);
    Pictures.requireEqual(
        new Sharpness(factor),
        clip,
        SHAPE,
        (r, c, k) -> {
          if (r == 0 || c == 0 || r == x.length - 1 || c == x[r].length - 1) {
            return x[r][c][k];
          }
          int sum = 4 * x[r][c][k];
          for (int dr = -1; dr <= 1; dr++) {
            for (int dc = -1; dc <= 1; dc++) {
              sum += x[r + dr][c + dc][k];
            }
          }
          int smooth = sum / 13;
          return smooth + (double) factor * (x[r][c][k] - smooth);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"1x1x1", "1x2x5", "2x1x2", "1x9x2", "1x3x3"})
  void sharpnessOfSmallClips(String sizes) {
    String[] size = sizes.split("x", -1);
    ClipShape shape =
        new ClipShape(
            Integer.parseInt(size[0]), Integer.parseInt(size[1]), Integer.parseInt(size[2]));
    byte[] clip = Pictures.random(shape, 15, 0, 255);
    byte[] sharp = clip.clone();
    new Sharpness(2.8f).apply(sharp, shape);
    int changed = 0;
    for (int i = 0; i < clip.length; i++) {
      changed += clip[i] == sharp[i] ? 0 : 1;
    }
    assertThat(changed).isLessThanOrEqualTo(sizes.equals("1x3x3") ? 3 : 0);
  }

  @Property(tries = 60)
  void cutout(
      @ForAll @IntRange(max = 6) int half,
      @ForAll @IntRange(max = 4) int row,
      @ForAll @IntRange(max = 6) int column) {
    byte[] clip = Pictures.random(SHAPE, 16, 1, 255);
    int[][][] x = Pictures.tall(clip, SHAPE);
    Pictures.requireEqual(
        new Cutout(half, row, column),
        clip,
        SHAPE,
        (r, c, k) -> {
          int y = r % SHAPE.height();
          boolean inside =
              y >= row - half && y < row + half && c >= column - half && c < column + half;
          return inside ? 0 : x[r][c][k];
        });
  }

  @Test
  void identity() {
    byte[] clip = Pictures.random(SHAPE, 17, 0, 255);
    byte[] same = clip.clone();
    new Identity().apply(same, SHAPE);
    assertThat(same).isEqualTo(clip);
  }
}
