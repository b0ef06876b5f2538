package vivit.dataprep.clip;

import java.nio.ByteBuffer;

/**
 * Cuts clips into tubelets and puts them together again.
 *
 * <p>Pixels are {@code [T, H, W, 3]}; tubelets are {@code [n_t, n_h, n_w, t, p, p, 3]} with {@code
 * n_h = ⌈H/p⌉}, {@code n_w = ⌈W/p⌉}. Tubelets that reach over the right or bottom edge are filled
 * by repeating the last column or row, so the true height and width must be kept beside them.
 *
 * @param frames T; a multiple of {@code tubeletFrames}
 * @param height H, the true one
 * @param width W, the true one
 * @param tubeletFrames t
 * @param patch p
 */
public record TubeletCutter(int frames, int height, int width, int tubeletFrames, int patch) {
  private static final int CHANNELS = 3;

  public TubeletCutter {
    PixelCount.bytes(frames, height, width);
    if (tubeletFrames < 1 || patch < 1 || frames % tubeletFrames != 0) {
      throw new IllegalArgumentException(
          "Cannot cut %d frames into tubelets of %d x %d x %d; frames must be a multiple"
              .formatted(frames, tubeletFrames, patch, patch));
    }
    PixelCount.bytes(frames, padded(height, patch), padded(width, patch));
  }

  /** Tubelets along time. */
  public int gridFrames() {
    return frames / tubeletFrames;
  }

  /** Tubelets along the height, the padded last one included. */
  public int gridHeight() {
    return padded(height, patch) / patch;
  }

  /** Tubelets along the width, the padded last one included. */
  public int gridWidth() {
    return padded(width, patch) / patch;
  }

  /** Bytes of the pixels {@code [T, H, W, 3]}. */
  public int pixelBytes() {
    return PixelCount.bytes(frames, height, width);
  }

  /** Bytes of all tubelets. */
  public int tubeletBytes() {
    return PixelCount.bytes(frames, padded(height, patch), padded(width, patch));
  }

  /** Cuts {@code [T, H, W, 3]} into tubelets. */
  public byte[] cut(byte[] pixels) {
    requireLength("pixels", pixels.length, pixelBytes());
    byte[] tubelets = new byte[tubeletBytes()];
    forEachRun(
        (pixel, tubelet, run) -> {
          System.arraycopy(pixels, pixel, tubelets, tubelet, run * CHANNELS);
          for (int x = run; x < patch; x++) {
            System.arraycopy(
                pixels, pixel + (run - 1) * CHANNELS, tubelets, tubelet + x * CHANNELS, CHANNELS);
          }
        });
    return tubelets;
  }

  /** Puts tubelets together to {@code [T, H, W, 3]}; the padding is left out. */
  public byte[] assemble(byte[] tubelets) {
    return assemble(ByteBuffer.wrap(tubelets));
  }

  /** As {@link #assemble(byte[])}; reads the buffer's remaining bytes without moving it. */
  public byte[] assemble(ByteBuffer tubelets) {
    requireLength("tubelets", tubelets.remaining(), tubeletBytes());
    byte[] pixels = new byte[pixelBytes()];
    if (tubelets.hasArray()) { // many short copies: much faster between arrays
      byte[] array = tubelets.array();
      int start = tubelets.arrayOffset() + tubelets.position();
      forEachRun(
          (pixel, tubelet, run) ->
              System.arraycopy(array, start + tubelet, pixels, pixel, run * CHANNELS));
    } else {
      int start = tubelets.position();
      forEachRun(
          (pixel, tubelet, run) -> tubelets.get(start + tubelet, pixels, pixel, run * CHANNELS));
    }
    return pixels;
  }

  /** One row of one tubelet: {@code run} true pixels, contiguous on both sides. */
  private interface RunVisitor {
    void visit(int pixel, int tubelet, int run);
  }

  private void forEachRun(RunVisitor visitor) {
    int tubelet = 0;
    for (int gt = 0; gt < gridFrames(); gt++) {
      for (int gy = 0; gy < gridHeight(); gy++) {
        for (int gx = 0; gx < gridWidth(); gx++) {
          int run = Math.min(patch, width - gx * patch);
          for (int t = 0; t < tubeletFrames; t++) {
            int frame = gt * tubeletFrames + t;
            for (int y = 0; y < patch; y++) {
              int row = Math.min(gy * patch + y, height - 1);
              int pixel = ((frame * height + row) * width + gx * patch) * CHANNELS;
              visitor.visit(pixel, tubelet, run);
              tubelet += patch * CHANNELS;
            }
          }
        }
      }
    }
  }

  private static int padded(int size, int patch) {
    return Math.multiplyExact((size - 1) / patch + 1, patch);
  }

  private static void requireLength(String what, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "Found %d bytes of %s, expected %d".formatted(found, what, expected));
    }
  }
}
