package vivit.spark.input.pixels;

/** {@link ColourShift} as plain loops over interleaved pixels, with a branch for every choice. */
final class BranchingColourShift {
  private final float brightness;
  private final float saturation;
  private final float contrast;
  private final float hue;

  private BranchingColourShift(ColourShift shift) {
    brightness = shift.brightness();
    saturation = shift.saturation();
    contrast = shift.contrast();
    hue = shift.hue();
  }

  /** Changes a clip {@code [T, H, W, 3]} of floats in [-1, 1] in place. */
  static void apply(ColourShift shift, float[] clip, int pixelsPerFrame) {
    BranchingColourShift loops = new BranchingColourShift(shift);
    double[] means = new double[3];
    for (int start = 0; start < clip.length; start += pixelsPerFrame * 3) {
      loops.brighten(clip, start, start + pixelsPerFrame * 3, means);
      loops.turn(clip, start, start + pixelsPerFrame * 3, means);
    }
  }

  /** Brightness and saturation; leaves values around [0, 1], and their means per channel. */
  private void brighten(float[] clip, int start, int end, double[] means) {
    double red = 0;
    double green = 0;
    double blue = 0;
    for (int i = start; i < end; i += 3) {
      float r = 0.5f * (clip[i] + 1) + brightness;
      float g = 0.5f * (clip[i + 1] + 1) + brightness;
      float b = 0.5f * (clip[i + 2] + 1) + brightness;
      float value = Math.max(r, Math.max(g, b));
      float range = value - Math.min(r, Math.min(g, b));
      // Hue and value stay, so every channel's distance from the value grows by the same factor.
      float growth = range > 0 ? Math.min(Math.max(value, 0), range * saturation) / range : 0;
      clip[i] = value - (value - r) * growth;
      clip[i + 1] = value - (value - g) * growth;
      clip[i + 2] = value - (value - b) * growth;
      red += clip[i];
      green += clip[i + 1];
      blue += clip[i + 2];
    }
    int pixels = (end - start) / 3;
    means[0] = red / pixels;
    means[1] = green / pixels;
    means[2] = blue / pixels;
  }

  /** Contrast and hue; back to [-1, 1]. */
  private void turn(float[] clip, int start, int end, double[] means) {
    float red = (float) means[0];
    float green = (float) means[1];
    float blue = (float) means[2];
    for (int i = start; i < end; i += 3) {
      float r = (clip[i] - red) * contrast + red;
      float g = (clip[i + 1] - green) * contrast + green;
      float b = (clip[i + 2] - blue) * contrast + blue;
      float value = Math.max(r, Math.max(g, b));
      float range = value - Math.min(r, Math.min(g, b));
      if (range > 0) {
        float place = sextant(r, g, b, value, range) + 6 * hue;
        r = channel(3 + place, value, range);
        g = channel(1 + place, value, range);
        b = channel(place - 1, value, range);
      }
      clip[i] = signed(r);
      clip[i + 1] = signed(g);
      clip[i + 2] = signed(b);
    }
  }

  /** The hue as a place on a circle of 6, from -1 to 5. */
  private static float sextant(float r, float g, float b, float value, float range) {
    if (r == value) {
      return (g - b) / range;
    }
    return g == value ? 2 + (b - r) / range : 4 + (r - g) / range;
  }

  /** A channel's value at a place on the circle, counted from where the channel is smallest. */
  private static float channel(float place, float value, float range) {
    float way = Math.abs(place > 3 ? place - 6 : place);
    return value - range * Math.max(0, Math.min(1, 2 - way));
  }

  private static float signed(float value) {
    return 2 * (Math.min(1, Math.max(0, value)) - 0.5f);
  }
}
