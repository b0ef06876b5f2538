package vivit.spark.input.pixels;

/**
 * One frame of floats, one plane per channel, divided into strips.
 *
 * <p>Short loops over planes run on several values at a time, and a strip stays in the processor's
 * first-level cache from one loop to the next. Not thread-safe.
 */
public final class Planes {
  /** Number of pixels of a strip; the last one may have fewer. */
  private static final int STRIP = 1024;

  private final Strip[] strips;

  /** A range of pixels and working memory. */
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

  /** Value, range and hue of each pixel of a strip; all strips share this memory. */
  static final class Hues {
    final float[] value = new float[STRIP];
    final float[] range = new float[STRIP];
    final float[] isRed = new float[STRIP];
    final float[] isGreen = new float[STRIP];
    final float[] share = new float[STRIP];
  }

  /** Allocates memory for a frame of {@code pixels} pixels. */
  public Planes(int pixels) {
    Hues hues = new Hues();
    strips = new Strip[(pixels + STRIP - 1) / STRIP];
    for (int i = 0; i < strips.length; i++) {
      strips[i] = new Strip(Math.min(STRIP, pixels - i * STRIP), hues);
    }
  }

  /** The strips, in order. */
  Strip[] strips() {
    return strips;
  }

  /**
   * Loads the frame of {@code [T, H, W, 3]} that begins at byte {@code from}.
   *
   * @param values the value of each byte, taken as 0 to 255
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

  /** Stores the frame, {@code [H, W, 3]}, in {@code out} from index {@code to} on. */
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
