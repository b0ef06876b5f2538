package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Stretches each channel from its smallest and largest value in the clip to 0 and 255: {@code x s -
 * lo s} with {@code s = 255 / (hi - lo)} in float32, truncated; a channel of one value stays.
 */
public record AutoContrast() implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    int[][] counts = Tones.histograms(pixels);
    byte[][] tables = new byte[counts.length][];
    for (int channel = 0; channel < tables.length; channel++) {
      tables[channel] = stretch(counts[channel]);
    }
    Tones.apply(pixels, tables);
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
      return Tones.table(value -> value);
    }
    float scale = 255f / (high - low);
    float offset = -low * scale;
    return Tones.table(value -> (int) Math.min(255f, Math.max(0f, value * scale + offset)));
  }
}
