package vivit.dataprep.clip;

import java.util.function.IntUnaryOperator;

/**
 * Resizes frames and cuts the same window out of each.
 *
 * <p>The resize matches the original code (docs/vivit.md, 6.1): bilinear with half-pixel centres,
 * no antialiasing, computed in float and truncated to bytes. Only the window is computed. Frames
 * are {@code [T, H, W, 3]} bytes. Not thread-safe.
 */
public final class FrameCutter {
  private static final int CHANNELS = 3;

  private final FrameSize stored;
  private final FrameSize resized;
  private final Window window;
  private final Taps rows;
  private final Taps columns;
  private final Region needed;
  private final float[][] held;
  private final int[] heldRows = {-1, -1};
  private byte[] line;
  private byte[] part;

  /** Gives access to the rows of one frame; only the needed rows are copied. */
  @FunctionalInterface
  public interface Rows {
    /** Copies a row, {@code [stored width, 3]}. */
    void copy(int y, byte[] row);
  }

  /** The order in which the columns of a window are written. */
  public enum Columns {
    FORWARDS,
    /** Mirrors the window. */
    BACKWARDS
  }

  /**
   * A part of a resized frame, in pixels.
   *
   * @param top its first row
   * @param left its first column
   * @param height in rows
   * @param width in columns
   * @param columns their order in the output
   */
  public record Window(int top, int left, int height, int width, Columns columns) {
    /** The window that covers a whole frame. */
    public static Window whole(FrameSize size) {
      return new Window(0, 0, size.height(), size.width(), Columns.FORWARDS);
    }
  }

  /**
   * Creates a cutter for frames of one size.
   *
   * @param stored size of the frames
   * @param resized size to which they are resized
   * @param window in the resized frame
   * @throws IllegalArgumentException if the window extends beyond the resized frame
   */
  public FrameCutter(FrameSize stored, FrameSize resized, Window window) {
    if (window.top() < 0
        || window.left() < 0
        || window.top() + window.height() > resized.height()
        || window.left() + window.width() > resized.width()) {
      throw new IllegalArgumentException(
          "Cannot cut %s out of frames of %d x %d (height x width)"
              .formatted(window, resized.height(), resized.width()));
    }
    this.stored = stored;
    this.resized = resized;
    this.window = window;
    this.rows = new Taps(stored.height(), resized.height(), window.top(), window.height());
    this.columns = new Taps(stored.width(), resized.width(), window.left(), window.width());
    this.needed = new Region(0, 1, rows.first, columns.first, rows.count, columns.count);
    if (window.columns() == Columns.BACKWARDS) {
      columns.reverse();
    }
    columns.scale(CHANNELS);
    this.held = new float[2][window.width() * CHANNELS];
  }

  /**
   * Cuts consecutive frames; only the needed part of each is copied from the source.
   *
   * @param source frames of the stored size
   * @param first number of the first frame to cut
   * @param frames number of frames to cut
   * @param out receives {@code [frames, window height, window width, 3]}
   */
  public void cut(FrameSource source, int first, int frames, byte[] out) {
    if (stored.equals(resized)) {
      source.copy(
          new Region(first, frames, window.top(), window.left(), window.height(), window.width()),
          out);
      if (window.columns() == Columns.BACKWARDS) {
        mirror(out, frames * window.height());
      }
      return;
    }
    if (part == null) {
      part = new byte[needed.bytes()];
    }
    int length = window.height() * window.width() * CHANNELS;
    for (int frame = 0; frame < frames; frame++) {
      source.copy(needed.ofFrame(first + frame), part);
      resize(part, this::startInPart, out, frame * length);
    }
  }

  /**
   * Resizes one frame.
   *
   * @param rows of the stored frame; copied from top to bottom
   * @param out receives {@code [window height, window width, 3]}
   */
  public void cut(Rows rows, byte[] out) {
    if (line == null) {
      line = new byte[stored.width() * CHANNELS];
    }
    resize(
        line,
        y -> {
          rows.copy(y, line);
          return 0;
        },
        out,
        0);
  }

  /** Index at which a stored row would start in the needed part of a frame. */
  private int startInPart(int y) {
    return ((y - needed.top()) * needed.width() - needed.left()) * CHANNELS;
  }

  /** Reverses the first rows of a window. */
  private void mirror(byte[] pixels, int rows) {
    int row = window.width() * CHANNELS;
    for (int y = 0, start = 0; y < rows; y++, start += row) {
      for (int i = start, j = start + row - CHANNELS; i < j; i += CHANNELS, j -= CHANNELS) {
        byte r = pixels[i];
        byte g = pixels[i + 1];
        byte b = pixels[i + 2];
        pixels[i] = pixels[j];
        pixels[i + 1] = pixels[j + 1];
        pixels[i + 2] = pixels[j + 2];
        pixels[j] = r;
        pixels[j + 1] = g;
        pixels[j + 2] = b;
      }
    }
  }

  /**
   * Resizes a frame.
   *
   * @param starts maps the number of a stored row to its start in {@code pixels}, after fetching it
   */
  private void resize(byte[] pixels, IntUnaryOperator starts, byte[] out, int to) {
    heldRows[0] = -1;
    heldRows[1] = -1;
    int row = window.width() * CHANNELS;
    for (int y = 0; y < window.height(); y++) {
      float[] upper = row(pixels, starts, rows.lower[y]);
      float[] lower = row(pixels, starts, rows.upper[y]);
      blend(upper, lower, rows.weight[y], out, to + y * row);
    }
  }

  private static void blend(float[] upper, float[] lower, float weight, byte[] out, int to) {
    for (int i = 0; i < upper.length; i++) {
      out[to + i] = (byte) (int) (upper[i] + (lower[i] - upper[i]) * weight);
    }
  }

  /** Interpolates a stored row along the width; the last two rows are cached. */
  private float[] row(byte[] pixels, IntUnaryOperator starts, int y) {
    int slot = y & 1; // neighbours never share a slot
    if (heldRows[slot] != y) {
      interpolate(pixels, starts.applyAsInt(y), held[slot]);
      heldRows[slot] = y;
    }
    return held[slot];
  }

  private void interpolate(byte[] pixels, int line, float[] row) {
    int[] lower = columns.lower;
    int[] upper = columns.upper;
    float[] weights = columns.weight;
    for (int x = 0, at = 0; x < lower.length; x++, at += CHANNELS) {
      int left = line + lower[x];
      int right = line + upper[x];
      float weight = weights[x];
      int r = pixels[left] & 0xff;
      int g = pixels[left + 1] & 0xff;
      int b = pixels[left + 2] & 0xff;
      row[at] = r + ((pixels[right] & 0xff) - r) * weight;
      row[at + 1] = g + ((pixels[right + 1] & 0xff) - g) * weight;
      row[at + 2] = b + ((pixels[right + 2] & 0xff) - b) * weight;
    }
  }

  /**
   * Interpolation along one axis: for each position of the window, the two stored positions around
   * it and the weight between them.
   */
  private static final class Taps {
    final int[] lower;
    final int[] upper;
    final float[] weight;

    /** First needed stored position. */
    final int first;

    /** Number of needed stored positions. */
    final int count;

    Taps(int in, int out, int start, int length) {
      lower = new int[length];
      upper = new int[length];
      weight = new float[length];
      float scale = (float) in / out;
      for (int i = 0; i < length; i++) {
        float position = (start + i + 0.5f) * scale - 0.5f;
        float floor = (float) Math.floor(position);
        lower[i] = Math.max((int) floor, 0);
        upper[i] = Math.min((int) Math.ceil(position), in - 1);
        weight[i] = position - floor;
      }
      first = lower[0];
      count = upper[length - 1] - first + 1;
    }

    void reverse() {
      for (int i = 0, j = weight.length - 1; i < j; i++, j--) {
        int low = lower[i];
        lower[i] = lower[j];
        lower[j] = low;
        int high = upper[i];
        upper[i] = upper[j];
        upper[j] = high;
        float share = weight[i];
        weight[i] = weight[j];
        weight[j] = share;
      }
    }

    void scale(int factor) {
      for (int i = 0; i < lower.length; i++) {
        lower[i] *= factor;
        upper[i] *= factor;
      }
    }
  }
}
