package vivit.spark.input.pixels;

/**
 * One frame of floats, a plane per channel, in strips.
 *
 * <p>Short loops over planes run on several values at a time, and a strip stays in the processor's
 * nearest cache from one loop to the next. For one thread at a time.
 */
public final class Planes {
  /** Pixels of a strip; the last one may have fewer. */
  private static final int STRIP = 1024;

  private final Strip[] strips;

  /** A stretch of pixels and room to compute in. */
  static final class Strip {
    final float[] red;
    final float[] green;
    final float[] blue;
    final Hues hues;

    Strip(int pixels, Hues hues) {
      red = new float[pixels];
      green = new float[pixels];
      blue = new float[pixels];
      this.hues = hues;
    }
  }

  /** Value, range and hue of each pixel of a strip; all strips share one. */
  static final class Hues {
    final float[] value = new float[STRIP];
    final float[] range = new float[STRIP];
    final float[] isRed = new float[STRIP];
    final float[] isGreen = new float[STRIP];
    final float[] share = new float[STRIP];
  }

  /** Room for a frame of {@code pixels} pixels. */
  public Planes(int pixels) {
    Hues hues = new Hues();
    strips = new Strip[(pixels + STRIP - 1) / STRIP];
    for (int i = 0; i < strips.length; i++) {
      strips[i] = new Strip(Math.min(STRIP, pixels - i * STRIP), hues);
    }
  }

  /** Its strips, in order. */
  Strip[] strips() {
    return strips;
  }

  /**
   * Takes the frame of {@code [T, H, W, 3]} that begins at byte {@code from}.
   *
   * @param values what each byte, taken as 0 to 255, stands for
   */
  public void load(byte[] pixels, int from, float[] values) {
    int at = from;
    for (Strip strip : strips) {
      for (int i = 0; i < strip.red.length; i++, at += 3) {
        strip.red[i] = values[pixels[at] & 0xff];
        strip.green[i] = values[pixels[at + 1] & 0xff];
        strip.blue[i] = values[pixels[at + 2] & 0xff];
      }
    }
  }

  /** Writes the frame {@code [H, W, 3]} to {@code out} from {@code to}. */
  public void store(float[] out, int to) {
    int at = to;
    for (Strip strip : strips) {
      for (int i = 0; i < strip.red.length; i++, at += 3) {
        out[at] = strip.red[i];
        out[at + 1] = strip.green[i];
        out[at + 2] = strip.blue[i];
      }
    }
  }
}
