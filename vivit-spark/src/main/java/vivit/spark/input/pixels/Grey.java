package vivit.spark.input.pixels;

/** Takes the colours out of a clip of floats. */
public final class Grey {

  private Grey() {}

  /** Replaces all channels of {@code [T, H, W, 3]} by {@code 0.2989 R + 0.587 G + 0.114 B}. */
  public static void apply(float[] clip) {
    for (int i = 0; i < clip.length; i += 3) {
      float grey = 0.2989f * clip[i] + 0.587f * clip[i + 1] + 0.114f * clip[i + 2];
      clip[i] = grey;
      clip[i + 1] = grey;
      clip[i + 2] = grey;
    }
  }
}
