package vivit.dataprep.inspect.statistics;

import java.io.Serializable;

/**
 * A small serialisable RGB image.
 *
 * @param rgb {@code [height, width, 3]}; owned by the record
 */
public record Picture(int height, int width, byte[] rgb) implements Serializable {
  private static final int CHANNELS = 3;

  public Picture {
    if ((long) height * width * CHANNELS != rgb.length) {
      throw new IllegalArgumentException(
          "Found %d bytes, expected [%d, %d, 3]".formatted(rgb.length, height, width));
    }
  }

  /** Copies one frame of {@code [T, height, width, 3]}. */
  public static Picture frame(byte[] pixels, int frame, int height, int width) {
    int bytes = height * width * CHANNELS;
    byte[] rgb = new byte[bytes];
    System.arraycopy(pixels, frame * bytes, rgb, 0, bytes);
    return new Picture(height, width, rgb);
  }

  /** A pixel as 0xRRGGBB. */
  public int rgb(int y, int x) {
    int at = (y * width + x) * CHANNELS;
    return (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
  }

  /**
   * Scales the picture to a shorter side, with a longer side of at most three times that. Reduction
   * averages the pixels that a new one covers; enlargement repeats pixels an integer number of
   * times.
   */
  public Picture fit(int shortSide) {
    double scale =
        Math.min(
            (double) shortSide / Math.min(height, width),
            3.0 * shortSide / Math.max(height, width));
    if (scale >= 1) {
      int times = (int) scale;
      return resize(height * times, width * times);
    }
    return resize(
        Math.max(1, (int) Math.round(height * scale)),
        Math.max(1, (int) Math.round(width * scale)));
  }

  /** Resizes the picture; a new pixel is the mean of the source pixels that it covers. */
  public Picture resize(int newHeight, int newWidth) {
    byte[] to = new byte[newHeight * newWidth * CHANNELS];
    for (int y = 0; y < newHeight; y++) {
      int top = (int) ((long) y * height / newHeight);
      int bottom = Math.max(top + 1, (int) ((long) (y + 1) * height / newHeight));
      for (int x = 0; x < newWidth; x++) {
        int left = (int) ((long) x * width / newWidth);
        int right = Math.max(left + 1, (int) ((long) (x + 1) * width / newWidth));
        mean(top, bottom, left, right, to, (y * newWidth + x) * CHANNELS);
      }
    }
    return new Picture(newHeight, newWidth, to);
  }

  private void mean(int top, int bottom, int left, int right, byte[] to, int at) {
    int count = (bottom - top) * (right - left);
    for (int c = 0; c < CHANNELS; c++) {
      long sum = count / 2;
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          sum += rgb[(y * width + x) * CHANNELS + c] & 0xff;
        }
      }
      to[at + c] = (byte) (sum / count);
    }
  }

  /** Variance of all values, a measure of contrast. */
  public double variance() {
    double sum = 0;
    double squares = 0;
    for (byte value : rgb) {
      sum += value & 0xff;
      squares += (value & 0xff) * (value & 0xff);
    }
    double mean = sum / rgb.length;
    return squares / rgb.length - mean * mean;
  }
}
