package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/** Operations that move a clip from another picture towards itself and beyond. */
public final class Blends {
  private Blends() {}

  /**
   * Moves from black towards the clip and beyond.
   *
   * @param factor 0 is black, 1 the clip itself
   */
  public record Brightness(float factor) implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      blendWith(0, factor, pixels);
    }
  }

  /**
   * Moves from an even grey towards the clip and beyond.
   *
   * <p>The grey should be the clip's mean, but in the original code it is the number of pixels
   * divided by 256, at most 255: white for any real clip.
   *
   * @param factor 0 is the even grey, 1 the clip itself
   */
  public record Contrast(float factor) implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      long count = (long) shape.frames() * shape.height() * shape.width();
      int grey = (int) Math.min(255, count / 256);
      blendWith(grey, factor, pixels);
    }
  }

  /**
   * Moves from an even grey, the mean of the clip's grey values, towards the clip and beyond.
   *
   * <p>Grey values are {@code 0.299 R + 0.587 G + 0.114 B}, rounded, and so is their mean.
   *
   * @param factor 0 is the even grey, 1 the clip itself
   */
  public record MeanContrast(float factor) implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      long sum = 0;
      for (int i = 0; i < pixels.length; i += 3) {
        int r = pixels[i] & 0xff;
        int g = pixels[i + 1] & 0xff;
        int b = pixels[i + 2] & 0xff;
        sum += (299 * r + 587 * g + 114 * b + 500) / 1000;
      }
      int count = pixels.length / 3;
      blendWith((int) ((sum + count / 2) / count), factor, pixels);
    }
  }

  /**
   * Moves from the grey clip towards the coloured one and beyond.
   *
   * <p>Grey is {@code 0.2989 R + 0.587 G + 0.114 B} of values in [0, 1], and a byte again before it
   * is blended: TensorFlow's conversion, times 255.5 and truncated, which keeps greys as they are.
   *
   * @param factor 0 is grey, 1 the clip itself
   */
  public record Colour(float factor) implements PixelOperation {
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

  /**
   * Moves from a smoothed clip towards the clip itself and beyond.
   *
   * <p>Smooth is the mean over 3 x 3 pixels with five times the weight in the middle, truncated to
   * a byte. It runs over the tall image, so the last row of a frame meets the first of the next;
   * only the tall image's outer pixels keep their values.
   *
   * @param factor 0 is smooth, 1 the clip itself
   */
  public record Sharpness(float factor) implements PixelOperation {
    private static final int WEIGHTS = 13;

    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      int rows = shape.frames() * shape.height();
      int length = shape.width() * 3;
      Blend blend = new Blend(factor);
      byte[] above = new byte[length];
      byte[] here = new byte[length];
      System.arraycopy(pixels, 0, here, 0, length);
      int[] columns = new int[length];
      for (int row = 1; row + 1 < rows; row++) {
        byte[] old = above;
        above = here;
        here = old;
        int line = row * length;
        System.arraycopy(pixels, line, here, 0, length);
        for (int i = 0; i < length; i++) {
          columns[i] = (above[i] & 0xff) + (here[i] & 0xff) + (pixels[line + length + i] & 0xff);
        }
        for (int i = 3; i + 3 < length; i++) {
          int value = here[i] & 0xff;
          int smooth = (columns[i - 3] + columns[i] + columns[i + 3] + 4 * value) / WEIGHTS;
          pixels[line + i] = blend.of(smooth, value);
        }
      }
    }
  }

  /** Moves every byte from {@code constant} towards itself. */
  private static void blendWith(int constant, float factor, byte[] pixels) {
    Blend blend = new Blend(factor);
    Tones.replace(pixels, Tones.table(value -> blend.of(constant, value)));
  }

  /**
   * Moves from one value towards another and, with factors above 1, beyond it: {@code a + f (b -
   * a)} in float32, clipped to [0, 255], truncated.
   */
  private static final class Blend {
    private final float[] way = new float[511];

    Blend(float factor) {
      for (int difference = -255; difference <= 255; difference++) {
        way[difference + 255] = factor * difference;
      }
    }

    /** Blends from {@code a} towards {@code b}, both from 0 to 255. */
    byte of(int a, int b) {
      return (byte) (int) Math.min(255f, Math.max(0f, a + way[b - a + 255]));
    }
  }
}
