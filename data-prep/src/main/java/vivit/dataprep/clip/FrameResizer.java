package vivit.dataprep.clip;

/**
 * Bilinear resize of RGB frames as the reference pipeline does it: half-pixel centres, no
 * antialiasing, computed in float and truncated back to bytes.
 *
 * <p>Frames are {@code [T, H, W, 3]} bytes. Threads may share nothing: all methods are pure.
 */
public final class FrameResizer {
  private static final int CHANNELS = 3;

  private FrameResizer() {}

  /** A frame size in pixels. */
  public record Size(int height, int width) {}

  /**
   * The size after bringing the shorter side to {@code shortSide}, keeping the aspect ratio: {@code
   * max(r, ⌊h·r/w⌋) x max(r, ⌊w·r/h⌋)}. Zero keeps the size.
   */
  public static Size shortSide(int height, int width, int shortSide) {
    if (shortSide == 0) {
      return new Size(height, width);
    }
    long tall = (long) height * shortSide / width;
    long wide = (long) width * shortSide / height;
    return new Size(
        Math.toIntExact(Math.max(shortSide, tall)), Math.toIntExact(Math.max(shortSide, wide)));
  }

  /**
   * Resizes every frame. Returns the same array if the size already fits.
   *
   * @param pixels {@code [frames, height, width, 3]}
   * @return {@code [frames, outHeight, outWidth, 3]}
   */
  public static byte[] bilinear(
      byte[] pixels, int frames, int height, int width, int outHeight, int outWidth) {
    requireLength(pixels, frames, height, width);
    if (height == outHeight && width == outWidth) {
      return pixels;
    }
    byte[] out = new byte[PixelCount.bytes(frames, outHeight, outWidth)];
    Axis rows = new Axis(height, outHeight);
    Axis columns = new Axis(width, outWidth);
    RowCache cache = new RowCache(columns, outWidth * CHANNELS);
    for (int frame = 0; frame < frames; frame++) {
      int from = frame * height * width * CHANNELS;
      int to = frame * outHeight * outWidth * CHANNELS;
      cache.clear();
      for (int y = 0; y < outHeight; y++) {
        float[] upper = cache.row(pixels, from, rows.lower[y], width);
        float[] lower = cache.row(pixels, from, rows.upper[y], width);
        float weight = rows.weight[y];
        for (int i = 0; i < outWidth * CHANNELS; i++) {
          out[to++] = (byte) (int) (upper[i] + (lower[i] - upper[i]) * weight);
        }
      }
    }
    return out;
  }

  private static void requireLength(byte[] pixels, int frames, int height, int width) {
    int expected = PixelCount.bytes(frames, height, width);
    if (pixels.length != expected) {
      throw new IllegalArgumentException(
          "Found %d bytes of pixels, expected %d for [%d, %d, %d, 3]"
              .formatted(pixels.length, expected, frames, height, width));
    }
  }

  /** Which two source positions an output position lies between, and how far along. */
  private static final class Axis {
    final int[] lower;
    final int[] upper;
    final float[] weight;

    Axis(int in, int out) {
      lower = new int[out];
      upper = new int[out];
      weight = new float[out];
      float scale = (float) in / out;
      for (int i = 0; i < out; i++) {
        float position = (i + 0.5f) * scale - 0.5f;
        float floor = (float) Math.floor(position);
        lower[i] = Math.max((int) floor, 0);
        upper[i] = Math.min((int) Math.ceil(position), in - 1);
        weight[i] = position - floor;
      }
    }
  }

  /** The two source rows in use, already interpolated along the width. */
  private static final class RowCache {
    private final Axis columns;
    private final float[][] rows;
    private final int[] held = {-1, -1};

    RowCache(Axis columns, int length) {
      this.columns = columns;
      this.rows = new float[2][length];
    }

    void clear() {
      held[0] = -1;
      held[1] = -1;
    }

    float[] row(byte[] pixels, int from, int y, int width) {
      int slot = y & 1; // neighbours never share a slot
      if (held[slot] != y) {
        interpolate(pixels, from + y * width * CHANNELS, rows[slot]);
        held[slot] = y;
      }
      return rows[slot];
    }

    private void interpolate(byte[] pixels, int from, float[] row) {
      for (int x = 0; x < columns.lower.length; x++) {
        int left = from + columns.lower[x] * CHANNELS;
        int right = from + columns.upper[x] * CHANNELS;
        for (int c = 0; c < CHANNELS; c++) {
          float a = pixels[left + c] & 0xff;
          float b = pixels[right + c] & 0xff;
          row[x * CHANNELS + c] = a + (b - a) * columns.weight[x];
        }
      }
    }
  }
}
