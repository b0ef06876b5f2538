package vivit.spark.input.pixels;

import java.util.function.IntUnaryOperator;
import vivit.model.shape.ClipShape;

/**
 * Operations that replace every byte by a value that depends on this byte only, through a table of
 * 256 values; for some of them the table depends on the histogram of the byte's channel.
 */
public final class Tones {
  private static final int CHANNELS = 3;

  private Tones() {}

  /**
   * Stretches each channel from its smallest and largest value in the clip to 0 and 255: {@code x s
   * - lo s} with {@code s = 255 / (hi - lo)} in float32, truncated; a channel with a single value
   * is unchanged.
   */
  public record AutoContrast() implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      int[][] counts = histograms(pixels);
      byte[][] tables = new byte[counts.length][];
      for (int channel = 0; channel < tables.length; channel++) {
        tables[channel] = stretch(counts[channel]);
      }
      replace(pixels, tables);
    }

    private static byte[] stretch(int[] counts) {
      int low = 0;
      while (counts[low] == 0) {
        low++;
      }
      int high = 255;
      while (counts[high] == 0) {
        high--;
      }
      if (low == high) {
        return table(value -> value);
      }
      float scale = 255f / (high - low);
      float offset = -low * scale;
      return table(value -> (int) Math.min(255f, Math.max(0f, value * scale + offset)));
    }
  }

  /**
   * Spreads the values of each channel evenly, by the channel's histogram over the clip.
   *
   * <p>With {@code step = (all - count of the largest value) / 255} a value becomes the number of
   * smaller values, plus half a step, divided by the step, in integer arithmetic. A step of 0
   * leaves the channel unchanged.
   */
  public record Equalise() implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      int[][] counts = histograms(pixels);
      byte[][] tables = new byte[counts.length][];
      for (int channel = 0; channel < tables.length; channel++) {
        tables[channel] = spread(counts[channel], shape);
      }
      replace(pixels, tables);
    }

    private static byte[] spread(int[] counts, ClipShape shape) {
      int last = 255;
      while (counts[last] == 0) {
        last--;
      }
      int step = (shape.frames() * shape.height() * shape.width() - counts[last]) / 255;
      if (step == 0) {
        return table(value -> value);
      }
      byte[] table = new byte[256];
      int smaller = 0;
      for (int value = 1; value < table.length; value++) {
        smaller += counts[value - 1];
        table[value] = (byte) Math.min(255, (smaller + step / 2) / step);
      }
      return table;
    }
  }

  /** The negative: {@code 255 - x}. */
  public record Invert() implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) ~pixels[i];
      }
    }
  }

  /**
   * Clears the low bits.
   *
   * @param bits number of high bits that are kept; 8 and more change nothing, 0 makes the clip
   *     black
   */
  public record Posterise(int bits) implements PixelOperation {

    /** Refuses a negative number of bits. */
    public Posterise {
      if (bits < 0) {
        throw new IllegalArgumentException("posterise to " + bits + " bits; expected 0 or more");
      }
    }

    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      int mask = bits >= 8 ? 0xff : (0xff00 >> bits) & 0xff;
      replace(pixels, table(value -> value & mask));
    }
  }

  /**
   * Inverts the values from a threshold up.
   *
   * <p>The threshold is a byte in the original code, so it counts modulo 256: 384 is 128, and 512
   * is 0, which inverts everything.
   *
   * @param threshold smallest value that is inverted, modulo 256
   */
  public record Solarise(int threshold) implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      int smallest = threshold & 0xff;
      replace(pixels, table(value -> value < smallest ? value : 255 - value));
    }
  }

  /**
   * Adds to the values below 128, up to 255; keeps all other values.
   *
   * @param addition 0 or more
   */
  public record SolariseAdd(int addition) implements PixelOperation {
    private static final int THRESHOLD = 128;

    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      replace(pixels, table(value -> value < THRESHOLD ? Math.min(255, value + addition) : value));
    }
  }

  /** The values of {@code tone} for 0 to 255, in order. */
  static byte[] table(IntUnaryOperator tone) {
    byte[] table = new byte[256];
    for (int value = 0; value < table.length; value++) {
      table[value] = (byte) tone.applyAsInt(value);
    }
    return table;
  }

  /** Replaces every byte by its entry in the table. */
  static void replace(byte[] pixels, byte[] table) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = table[pixels[i] & 0xff];
    }
  }

  /** Replaces the bytes of each channel by their entries in the channel's table. */
  private static void replace(byte[] pixels, byte[][] tables) {
    byte[] red = tables[0];
    byte[] green = tables[1];
    byte[] blue = tables[2];
    for (int i = 0; i < pixels.length; i += CHANNELS) {
      pixels[i] = red[pixels[i] & 0xff];
      pixels[i + 1] = green[pixels[i + 1] & 0xff];
      pixels[i + 2] = blue[pixels[i + 2] & 0xff];
    }
  }

  /** Number of occurrences of each value in each channel, {@code [3][256]}. */
  private static int[][] histograms(byte[] pixels) {
    int[][] counts = new int[CHANNELS][256];
    for (int i = 0; i < pixels.length; i += CHANNELS) {
      counts[0][pixels[i] & 0xff]++;
      counts[1][pixels[i + 1] & 0xff]++;
      counts[2][pixels[i + 2] & 0xff]++;
    }
    return counts;
  }
}
