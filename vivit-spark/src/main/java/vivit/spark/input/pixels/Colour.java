package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Goes from the grey clip towards the coloured one and beyond.
 *
 * <p>Grey is {@code 0.2989 R + 0.587 G + 0.114 B} of values in [0, 1], and a byte again before it
 * is blended: TensorFlow's conversion, times 255.5 and truncated, which keeps greys as they are.
 *
 * @param factor 0 is grey, 1 the clip itself
 */
public record Colour(float factor) implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    Blend blend = new Blend(factor);
    float[] red = shares(0.2989f);
    float[] green = shares(0.5870f);
    float[] blue = shares(0.1140f);
    for (int i = 0; i < pixels.length; i += 3) {
      int r = pixels[i] & 0xff;
      int g = pixels[i + 1] & 0xff;
      int b = pixels[i + 2] & 0xff;
      int grey = (int) ((red[r] + green[g] + blue[b]) * 255.5f);
      pixels[i] = blend.of(grey, r);
      pixels[i + 1] = blend.of(grey, g);
      pixels[i + 2] = blend.of(grey, b);
    }
  }

  private static float[] shares(float weight) {
    float[] shares = new float[256];
    for (int value = 0; value < shares.length; value++) {
      shares[value] = value * (1f / 255f) * weight;
    }
    return shares;
  }
}
