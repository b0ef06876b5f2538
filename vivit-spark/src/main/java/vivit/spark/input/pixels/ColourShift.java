package vivit.spark.input.pixels;

import vivit.spark.input.pixels.Planes.Hues;
import vivit.spark.input.pixels.Planes.Strip;

/**
 * Changes light and colours of the frames of a clip; docs/vivit.md, 6.3.
 *
 * <p>In [0, 1]: the brightness is added, the saturation (of hue, saturation, value) multiplied and
 * limited to 1, the contrast multiplied about each frame's and channel's mean, the hue turned; only
 * the final values are clipped to [0, 1].
 *
 * <p>The loops are short and have no branches, so that each runs on several pixels at a time: a
 * choice is a sum of products with 0 or 1, which is exact.
 *
 * @param brightness added to every value
 * @param saturation factor
 * @param contrast factor
 * @param hue share of the circle by which it is turned, at most a third either way
 */
public record ColourShift(float brightness, float saturation, float contrast, float hue) {
  private static final float THIRD = 1f / 3;

  /** Refuses hues outside -1/3 to 1/3. */
  public ColourShift {
    if (!(Math.abs(hue) <= THIRD)) {
      throw new IllegalArgumentException(
          "hue turned by " + hue + " of the circle; expected -1/3 to 1/3");
    }
  }

  /** Changes a frame of values in [-1, 1] in place. */
  public void apply(Planes frame) {
    double[] sums = new double[3];
    int pixels = 0;
    for (Strip strip : frame.strips()) {
      brighten(strip);
      sum(strip, sums);
      pixels += strip.red.length;
    }
    for (Strip strip : frame.strips()) {
      raise(strip.red, (float) (sums[0] / pixels), contrast);
      raise(strip.green, (float) (sums[1] / pixels), contrast);
      raise(strip.blue, (float) (sums[2] / pixels), contrast);
      turn(strip);
    }
  }

  /** Brightness and saturation; leaves values around [0, 1]. */
  private void brighten(Strip strip) {
    lift(strip.red, brightness);
    lift(strip.green, brightness);
    lift(strip.blue, brightness);
    Hues hues = strip.hues;
    extremes(strip, hues.value, hues.range);
    growth(hues.value, hues.range, saturation, hues.share);
    grow(strip.red, hues.value, hues.share);
    grow(strip.green, hues.value, hues.share);
    grow(strip.blue, hues.value, hues.share);
  }

  private static void lift(float[] channel, float added) {
    for (int i = 0; i < channel.length; i++) {
      channel[i] = 0.5f * (channel[i] + 1) + added;
    }
  }

  /** The largest of a pixel's channels, and its difference from the smallest. */
  private static void extremes(Strip strip, float[] value, float[] range) {
    float[] red = strip.red;
    float[] green = strip.green;
    float[] blue = strip.blue;
    for (int i = 0; i < red.length; i++) {
      value[i] = Math.max(red[i], Math.max(green[i], blue[i]));
    }
    for (int i = 0; i < red.length; i++) {
      range[i] = value[i] - Math.min(red[i], Math.min(green[i], blue[i]));
    }
  }

  /** Keeps hue and value: every channel's distance from the value grows by the same factor. */
  private static void growth(float[] value, float[] range, float factor, float[] growth) {
    for (int i = 0; i < growth.length; i++) {
      growth[i] = Math.min(Math.max(value[i], 0f), range[i] * factor) / (range[i] + zero(range[i]));
    }
  }

  private static void grow(float[] channel, float[] value, float[] growth) {
    for (int i = 0; i < channel.length; i++) {
      channel[i] = value[i] - (value[i] - channel[i]) * growth[i];
    }
  }

  /** Sums each channel in double, in the order of the pixels. */
  private static void sum(Strip strip, double[] sums) {
    double red = sums[0];
    double green = sums[1];
    double blue = sums[2];
    for (int i = 0; i < strip.red.length; i++) {
      red += strip.red[i];
      green += strip.green[i];
      blue += strip.blue[i];
    }
    sums[0] = red;
    sums[1] = green;
    sums[2] = blue;
  }

  private static void raise(float[] channel, float mean, float factor) {
    for (int i = 0; i < channel.length; i++) {
      channel[i] = (channel[i] - mean) * factor + mean;
    }
  }

  /** Turns the hue and converts back to [-1, 1]. */
  private void turn(Strip strip) {
    Hues hues = strip.hues;
    extremes(strip, hues.value, hues.range);
    isRed(hues.value, strip.red, hues.isRed);
    isGreen(hues.value, strip.green, hues.isRed, hues.isGreen);
    ahead(strip, hues.isRed, hues.isGreen, hues.share);
    divide(hues.share, hues.range);
    place(hues.isRed, hues.isGreen, 6 * hue, hues.share);
    channel(hues, 3, strip.red);
    channel(hues, 1, strip.green);
    channel(hues, -1, strip.blue);
  }

  /** 1 where red is the largest channel. */
  private static void isRed(float[] value, float[] red, float[] isRed) {
    for (int i = 0; i < red.length; i++) {
      isRed[i] = zero(value[i] - red[i]);
    }
  }

  /** 1 where green is the largest channel and red is not. */
  private static void isGreen(float[] value, float[] green, float[] isRed, float[] isGreen) {
    for (int i = 0; i < green.length; i++) {
      isGreen[i] = zero(value[i] - green[i]) * (1 - isRed[i]);
    }
  }

  /** The channel after the largest minus the channel before it. */
  private static void ahead(Strip strip, float[] isRed, float[] isGreen, float[] ahead) {
    float[] red = strip.red;
    float[] green = strip.green;
    float[] blue = strip.blue;
    for (int i = 0; i < red.length; i++) {
      ahead[i] =
          isRed[i] * (green[i] - blue[i])
              + isGreen[i] * (blue[i] - red[i])
              + (1 - isRed[i] - isGreen[i]) * (red[i] - green[i]);
    }
  }

  private static void divide(float[] numbers, float[] range) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = numbers[i] / (range[i] + zero(range[i]));
    }
  }

  /** The hue as a position on a circle of length 6, from -1 to 5, moved by {@code way}. */
  private static void place(float[] isRed, float[] isGreen, float way, float[] share) {
    for (int i = 0; i < share.length; i++) {
      share[i] = 2 * isGreen[i] + 4 * (1 - isRed[i] - isGreen[i]) + share[i] + way;
    }
  }

  /**
   * A channel's new value, from its position on the circle counted from the point where it is
   * smallest.
   */
  private static void channel(Hues hues, float offset, float[] channel) {
    float[] value = hues.value;
    float[] range = hues.range;
    float[] place = hues.share;
    for (int i = 0; i < channel.length; i++) {
      float at = offset + place[i];
      // Above 3 the way is 6 - at, which is then the smaller of the two.
      float way = Math.min(Math.abs(at), Math.abs(at - 6));
      float turned = value[i] - range[i] * Math.max(0f, Math.min(1f, 2 - way));
      channel[i] = 2 * (Math.min(1f, Math.max(0f, turned)) - 0.5f);
    }
  }

  /** Returns 1 for 0, and 0 for any positive number, however small. */
  private static float zero(float number) {
    return 1 - Math.min(1f, number * 1e30f * 1e30f);
  }

  /** Replaces all channels by {@code 0.2989 R + 0.587 G + 0.114 B}. */
  public static void removeColour(Planes frame) {
    for (Strip strip : frame.strips()) {
      mix(strip.red, strip.green, strip.blue);
      System.arraycopy(strip.red, 0, strip.green, 0, strip.red.length);
      System.arraycopy(strip.red, 0, strip.blue, 0, strip.red.length);
    }
  }

  private static void mix(float[] red, float[] green, float[] blue) {
    for (int i = 0; i < red.length; i++) {
      red[i] = 0.2989f * red[i] + 0.587f * green[i] + 0.114f * blue[i];
    }
  }
}
