package vivit.spark.input.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

/** Against plain loops through hue, saturation and value, in double. */
class ColourShiftTest {
  @Property(tries = 100)
  void equalsPlainLoops(
      @ForAll long seed,
      @ForAll @Scale(4) @DoubleRange(min = -0.1255, max = 0.1255) double brightness,
      @ForAll @DoubleRange(min = 0.6, max = 1.4) double saturation,
      @ForAll @DoubleRange(min = 0.6, max = 1.4) double contrast,
      @ForAll @DoubleRange(min = -0.33, max = 0.33) double hue) {
    float[] clip = clip(seed);
    double[][][][] expected =
        shifted(clip, (float) brightness, (float) saturation, (float) contrast, (float) hue);

    apply(
        new ColourShift((float) brightness, (float) saturation, (float) contrast, (float) hue),
        clip,
        5 * 7);

    int at = 0;
    for (double[][][] frame : expected) {
      for (double[][] row : frame) {
        for (double[] pixel : row) {
          for (double value : pixel) {
            assertThat((double) clip[at++]).isCloseTo(value, within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void nothingChangesWhereNothingIsShifted() {
    float[] clip = clip(4);
    float[] same = clip.clone();

    apply(new ColourShift(0, 1, 1, 0), same, 5 * 7);

    assertThat(same).containsExactly(clip, within(1e-6f));
  }

  @Test
  void aThirdOfTheCircleExchangesChannels() {
    float[] red = {1, -1, -0.5f};

    apply(new ColourShift(0, 1, 1, 1f / 3), red, 1);

    assertThat(red).containsExactly(new float[] {-0.5f, 1, -1}, within(1e-5f));
    assertThatThrownBy(() -> new ColourShift(0, 1, 1, 0.4f))
        .hasMessageContaining("hue turned by 0.4");
  }

  @Test
  void greyIsTheWeightedSum() {
    float[] clip = {1, -1, 0.5f, -0.25f, -0.25f, -0.25f};

    Planes planes = planes(clip, 0, 2);
    ColourShift.removeColour(planes);
    planes.store(clip, 0);

    float first = 0.2989f - 0.587f + 0.057f;
    float second = -0.25f * 0.9999f;
    assertThat(clip)
        .containsExactly(new float[] {first, first, first, second, second, second}, within(1e-6f));
  }

  /** To the bit what loops with branches give, pixel by pixel. */
  @Property(tries = 300)
  void equalsLoopsWithBranches(
      @ForAll long seed,
      @ForAll @Scale(4) @DoubleRange(min = -0.1255, max = 0.1255) double brightness,
      @ForAll @DoubleRange(min = 0.6, max = 1.4) double saturation,
      @ForAll @DoubleRange(min = 0.6, max = 1.4) double contrast,
      @ForAll @DoubleRange(min = -0.33, max = 0.33) double hue) {
    ColourShift shift =
        new ColourShift((float) brightness, (float) saturation, (float) contrast, (float) hue);
    float[] clip = clip(seed);
    float[] expected = clip.clone();
    BranchingColourShift.apply(shift, expected, 5 * 7);

    apply(shift, clip, 5 * 7);

    assertThat(clip).isEqualTo(expected);
  }

  /** The mean is the frame's, not that of a part of it. */
  @Test
  void aFrameOfAnySizeEqualsLoopsWithBranches() {
    Random random = new Random(6);
    float[] clip = new float[2 * 2500 * 3];
    for (int i = 0; i < clip.length; i++) {
      clip[i] = random.nextInt(256) * (2f / 255) - 1;
    }
    ColourShift shift = new ColourShift(0.1f, 1.3f, 0.7f, -0.15f);
    float[] expected = clip.clone();
    BranchingColourShift.apply(shift, expected, 2500);

    apply(shift, clip, 2500);

    assertThat(clip).isEqualTo(expected);
  }

  private static void apply(ColourShift shift, float[] clip, int pixelsPerFrame) {
    for (int start = 0; start < clip.length; start += pixelsPerFrame * 3) {
      Planes planes = planes(clip, start, pixelsPerFrame);
      shift.apply(planes);
      planes.store(clip, start);
    }
  }

  private static Planes planes(float[] clip, int start, int pixels) {
    Planes planes = new Planes(pixels);
    int at = start;
    for (Planes.Strip strip : planes.strips()) {
      for (int i = 0; i < strip.red.length; i++) {
        strip.red[i] = clip[at++];
        strip.green[i] = clip[at++];
        strip.blue[i] = clip[at++];
      }
    }
    return planes;
  }

  /** All byte values; some pixels grey, some black or white. */
  private static float[] clip(long seed) {
    Random random = new Random(seed);
    float[] clip = new float[3 * 5 * 7 * 3];
    for (int i = 0; i < clip.length; i += 3) {
      int kind = random.nextInt(8);
      for (int channel = 0; channel < 3; channel++) {
        int value = kind == 0 ? 0 : kind == 1 ? 255 : random.nextInt(256);
        clip[i + channel] = kind == 2 && channel > 0 ? clip[i] : value * (2f / 255) - 1;
      }
    }
    return clip;
  }

  private static double[][][][] shifted(
      float[] clip, double brightness, double saturation, double contrast, double hue) {
    double[][][][] x = new double[3][5][7][3];
    for (int t = 0; t < 3; t++) {
      double[] mean = new double[3];
      for (int row = 0; row < 5; row++) {
        for (int column = 0; column < 7; column++) {
          double[] pixel = x[t][row][column];
          for (int c = 0; c < 3; c++) {
            pixel[c] = (clip[((t * 5 + row) * 7 + column) * 3 + c] + 1) / 2 + brightness;
          }
          double[] hsv = hsv(pixel);
          hsv[1] = Math.min(1, Math.max(0, hsv[1] * saturation));
          System.arraycopy(rgb(hsv), 0, pixel, 0, 3);
          for (int c = 0; c < 3; c++) {
            mean[c] += pixel[c] / 35;
          }
        }
      }
      for (double[][] row : x[t]) {
        for (double[] pixel : row) {
          for (int c = 0; c < 3; c++) {
            pixel[c] = (pixel[c] - mean[c]) * contrast + mean[c];
          }
          double[] turned = turn(pixel, hue);
          for (int c = 0; c < 3; c++) {
            pixel[c] = 2 * Math.min(1, Math.max(0, turned[c])) - 1;
          }
        }
      }
    }
    return x;
  }

  /** The hue moves, the largest and the smallest value stay. */
  private static double[] turn(double[] pixel, double hue) {
    double low = Math.min(pixel[0], Math.min(pixel[1], pixel[2]));
    double[] above = {pixel[0] - low, pixel[1] - low, pixel[2] - low};
    double[] hsv = hsv(above);
    double[] turned = rgb(new double[] {(hsv[0] + hue + 1) % 1, hsv[1], hsv[2]});
    return new double[] {turned[0] + low, turned[1] + low, turned[2] + low};
  }

  private static double[] hsv(double[] rgb) {
    double value = Math.max(rgb[0], Math.max(rgb[1], rgb[2]));
    double range = value - Math.min(rgb[0], Math.min(rgb[1], rgb[2]));
    double hue = 0;
    if (range > 0) {
      if (rgb[0] == value) {
        hue = (rgb[1] - rgb[2]) / range / 6;
      } else if (rgb[1] == value) {
        hue = (rgb[2] - rgb[0]) / range / 6 + 2.0 / 6;
      } else {
        hue = (rgb[0] - rgb[1]) / range / 6 + 4.0 / 6;
      }
    }
    return new double[] {hue < 0 ? hue + 1 : hue, value > 0 ? range / value : 0, value};
  }

  private static double[] rgb(double[] hsv) {
    double chroma = hsv[1] * hsv[2];
    double sixth = hsv[0] * 6;
    double middle = chroma * (1 - Math.abs(sixth % 2 - 1));
    double low = hsv[2] - chroma;
    double[] rgb =
        switch ((int) sixth % 6) {
          case 0 -> new double[] {chroma, middle, 0};
          case 1 -> new double[] {middle, chroma, 0};
          case 2 -> new double[] {0, chroma, middle};
          case 3 -> new double[] {0, middle, chroma};
          case 4 -> new double[] {middle, 0, chroma};
          default -> new double[] {chroma, 0, middle};
        };
    return new double[] {rgb[0] + low, rgb[1] + low, rgb[2] + low};
  }
}
