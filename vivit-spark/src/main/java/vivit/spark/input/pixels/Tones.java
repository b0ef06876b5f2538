package vivit.spark.input.pixels;

import java.util.function.IntUnaryOperator;

/** Operations that give every byte a new value which depends on its old one only: tables of 256. */
final class Tones {
  private static final int CHANNELS = 3;

  private Tones() {}

  /** What {@code tone} makes of 0 to 255, in that order. */
  static byte[] table(IntUnaryOperator tone) {
    byte[] table = new byte[256];
    for (int value = 0; value < table.length; value++) {
      table[value] = (byte) tone.applyAsInt(value);
    }
    return table;
  }

  /** Replaces every byte by its entry in the table. */
  static void apply(byte[] pixels, byte[] table) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = table[pixels[i] & 0xff];
    }
  }

  /** Replaces the bytes of each channel by their entries in the channel's table. */
  static void apply(byte[] pixels, byte[][] tables) {
    byte[] red = tables[0];
    byte[] green = tables[1];
    byte[] blue = tables[2];
    for (int i = 0; i < pixels.length; i += CHANNELS) {
      pixels[i] = red[pixels[i] & 0xff];
      pixels[i + 1] = green[pixels[i + 1] & 0xff];
      pixels[i + 2] = blue[pixels[i + 2] & 0xff];
    }
  }

  /** How often each value occurs in each channel, {@code [3][256]}. */
  static int[][] histograms(byte[] pixels) {
    int[][] counts = new int[CHANNELS][256];
    for (int i = 0; i < pixels.length; i += CHANNELS) {
      counts[0][pixels[i] & 0xff]++;
      counts[1][pixels[i + 1] & 0xff]++;
      counts[2][pixels[i + 2] & 0xff]++;
    }
    return counts;
  }
}
