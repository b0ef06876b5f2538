package vivit.dataprep.inspect.statistics;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Histograms of the pixel values of some clips.
 *
 * @param clips number of clips
 * @param counts {@code [3][256]}: frequency of each value of red, green, blue; owned by the record
 */
public record PixelStatistics(int clips, long[][] counts) implements Serializable {
  private static final int CHANNELS = 3;
  private static final int VALUES = 256;

  /** Statistics of zero clips. */
  public static PixelStatistics none() {
    return new PixelStatistics(0, new long[CHANNELS][VALUES]);
  }

  /** Statistics of one clip, {@code [T, H, W, 3]}. */
  public static PixelStatistics of(byte[] pixels) {
    long[][] counts = new long[CHANNELS][VALUES];
    for (int i = 0; i < pixels.length; i += CHANNELS) {
      counts[0][pixels[i] & 0xff]++;
      counts[1][pixels[i + 1] & 0xff]++;
      counts[2][pixels[i + 2] & 0xff]++;
    }
    return new PixelStatistics(1, counts);
  }

  /** Adds the histograms of two groups of clips. */
  public PixelStatistics plus(PixelStatistics other) {
    long[][] sum = new long[CHANNELS][VALUES];
    for (int c = 0; c < CHANNELS; c++) {
      for (int v = 0; v < VALUES; v++) {
        sum[c][v] = counts[c][v] + other.counts[c][v];
      }
    }
    return new PixelStatistics(clips + other.clips, sum);
  }

  /** Number of pixels counted. */
  public long pixels() {
    return Arrays.stream(counts[0]).sum();
  }

  /** Mean of a channel, 0 to 255. */
  public double mean(int channel) {
    double sum = 0;
    for (int v = 0; v < VALUES; v++) {
      sum += (double) counts[channel][v] * v;
    }
    return sum / pixels();
  }

  /** Standard deviation of a channel over all pixels. */
  public double deviation(int channel) {
    double mean = mean(channel);
    double sum = 0;
    for (int v = 0; v < VALUES; v++) {
      sum += counts[channel][v] * (v - mean) * (v - mean);
    }
    return Math.sqrt(sum / pixels());
  }
}
