package vivit.spark.input.pixels;

/** Takes the colours out of a frame. */
public final class Grey {

  private Grey() {}

  /** Replaces all channels by {@code 0.2989 R + 0.587 G + 0.114 B}. */
  public static void apply(Planes frame) {
    for (Planes.Strip strip : frame.strips()) {
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
