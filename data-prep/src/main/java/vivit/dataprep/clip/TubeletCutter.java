package vivit.dataprep.clip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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

  /** Eight bytes of an array as they are. */
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

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
    byte[] tubelets = new byte[tubeletBytes()];
    cut(pixels, tubelets, 0);
    return tubelets;
  }

  /**
   * Cuts {@code [T, H, W, 3]} into tubelets.
   *
   * @param tubelets written, {@link #tubeletBytes} bytes from {@code start} on
   */
  public void cut(byte[] pixels, byte[] tubelets, int start) {
    requireLength("pixels", pixels.length, pixelBytes());
    int frameBytes = pixels.length / frames;
    for (int frame = 0; frame < frames; frame++) {
      cutFrame(frame, pixels, frame * frameBytes, tubelets, start);
    }
  }

  /**
   * Cuts one frame into its places in a clip's tubelets.
   *
   * @param frame number of the frame in the clip
   * @param pixels {@code [H, W, 3]} from {@code from} on
   * @param tubelets written; those of the clip have {@link #tubeletBytes} bytes from {@code start}
   *     on
   */
  public void cutFrame(int frame, byte[] pixels, int from, byte[] tubelets, int start) {
    if (pixels.length - from < height * width * CHANNELS) {
      throw new IllegalArgumentException(
          "Found %d bytes of pixels, expected %d"
              .formatted(pixels.length - from, height * width * CHANNELS));
    }
    if (tubelets.length - start < tubeletBytes()) {
      throw new IllegalArgumentException(
          "Found room for %d bytes of tubelets, expected %d"
              .formatted(tubelets.length - start, tubeletBytes()));
    }
    int block = (frame / tubeletFrames) * gridHeight();
    int inTubelet = frame % tubeletFrames * patch;
    int line = width * CHANNELS;
    for (int y = 0; y < padded(height, patch); y++) { // below the last row, that one again
      int row = from + Math.min(y, height - 1) * line;
      int tubelet = (block + y / patch) * gridWidth() * oneTubelet();
      int to = tubelet + (inTubelet + y % patch) * patch * CHANNELS;
      cutRow(pixels, row, row + line, tubelets, start + to);
    }
  }

  /** Puts tubelets together to {@code [T, H, W, 3]}; the padding is left out. */
  public byte[] assemble(byte[] tubelets) {
    return assemble(ByteBuffer.wrap(tubelets));
  }

  /** As {@link #assemble(byte[])}; reads the buffer's remaining bytes without moving it. */
  public byte[] assemble(ByteBuffer tubelets) {
    byte[] pixels = new byte[pixelBytes()];
    assemble(tubelets, pixels);
    return pixels;
  }

  /**
   * Puts tubelets together to {@code [T, H, W, 3]}; the padding is left out.
   *
   * @param tubelets the remaining bytes; the buffer is not moved
   * @param pixels written, {@link #pixelBytes} bytes
   */
  public void assemble(ByteBuffer tubelets, byte[] pixels) {
    requireLength("tubelets", tubelets.remaining(), tubeletBytes());
    requireLength("pixels", pixels.length, pixelBytes());
    int run = patch * CHANNELS;
    int line = width * CHANNELS;
    int next = oneTubelet();
    if (tubelets.hasArray()) {
      byte[] array = tubelets.array();
      int start = tubelets.arrayOffset() + tubelets.position();
      forEachRow((row, at) -> assembleRow(array, start + at, run, next, pixels, row, line));
    } else {
      ByteBuffer memory = tubelets.slice().order(ByteOrder.nativeOrder());
      forEachRow((row, at) -> assembleRow(memory, at, run, next, pixels, row, line));
    }
  }

  private void cutRow(byte[] pixels, int row, int end, byte[] tubelets, int start) {
    int run = patch * CHANNELS;
    int next = oneTubelet();
    int from = row;
    int to = start;
    for (; from + run <= end; from += run, to += next) {
      copy(pixels, from, tubelets, to, run);
    }
    int rest = end - from;
    if (rest > 0) {
      copy(pixels, from, tubelets, to, rest);
      for (int i = to + rest; i < to + run; i++) { // the last pixel again
        tubelets[i] = tubelets[i - CHANNELS];
      }
    }
  }

  /** A short copy, in a fraction of the time of {@code System.arraycopy}. */
  private static void copy(byte[] from, int at, byte[] to, int start, int count) {
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      EIGHT.set(to, start + i, (long) EIGHT.get(from, at + i));
    }
    for (; i < count; i++) {
      to[start + i] = from[at + i];
    }
  }

  private static void assembleRow(
      byte[] tubelets, int at, int run, int next, byte[] pixels, int row, int line) {
    int from = at;
    for (int left = line, to = row; left > 0; left -= run, to += run, from += next) {
      System.arraycopy(tubelets, from, pixels, to, Math.min(run, left));
    }
  }

  private static void assembleRow(
      ByteBuffer tubelets, int at, int run, int next, byte[] pixels, int row, int line) {
    int from = at;
    for (int left = line, to = row; left > 0; left -= run, to += run, from += next) {
      copy(tubelets, from, pixels, to, Math.min(run, left));
    }
  }

  /** Bytes of one tubelet {@code [t, p, p, 3]}. */
  private int oneTubelet() {
    return tubeletFrames * patch * patch * CHANNELS;
  }

  /** One row of pixels of a frame, and where its first run lies in the tubelets. */
  private interface RowVisitor {
    void visit(int pixel, int tubelet);
  }

  /** Visits the rows of the padded frames; below the last true one, that one again. */
  private void forEachRow(RowVisitor visitor) {
    int gridHeight = gridHeight();
    int stretch = gridWidth() * oneTubelet();
    for (int gt = 0, block = 0; gt < gridFrames(); gt++) {
      for (int gy = 0; gy < gridHeight; gy++, block += stretch) {
        int tubelet = block;
        for (int t = 0; t < tubeletFrames; t++) {
          for (int y = 0; y < patch; y++, tubelet += patch * CHANNELS) {
            int row = Math.min(gy * patch + y, height - 1);
            int frame = gt * tubeletFrames + t;
            visitor.visit((frame * height + row) * width * CHANNELS, tubelet);
          }
        }
      }
    }
  }

  /** A short copy; {@code ByteBuffer.get} would take several times as long. */
  private static void copy(ByteBuffer from, int at, byte[] to, int start, int count) {
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      EIGHT.set(to, start + i, from.getLong(at + i));
    }
    for (; i < count; i++) {
      to[start + i] = from.get(at + i);
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
