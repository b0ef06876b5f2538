package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Spreads the values of each channel evenly, by the channel's histogram over the clip.
 *
 * <p>With {@code step = (all - count of the largest value) / 255} a value becomes the number of
 * smaller ones, plus half a step, divided by the step; everything in whole numbers. A step of 0
 * leaves the channel as it is.
 */
public record Equalise() implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    int[][] counts = Tones.histograms(pixels);
    byte[][] tables = new byte[counts.length][];
    for (int channel = 0; channel < tables.length; channel++) {
      tables[channel] = spread(counts[channel], shape);
    }
    Tones.apply(pixels, tables);
  }

  private static byte[] spread(int[] counts, ClipShape shape) {
    int last = 255;
    while (counts[last] == 0) {
      last--;
    }
    int step = (shape.frames() * shape.height() * shape.width() - counts[last]) / 255;
    if (step == 0) {
      return Tones.table(value -> value);
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
