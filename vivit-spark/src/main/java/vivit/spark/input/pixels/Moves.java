package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Operations that move the pixels of every frame. Values between pixels are interpolated linearly
 * and truncated; where nothing is left there is an even grey of 128.
 */
public final class Moves {
  private static final int CHANNELS = 3;
  private static final byte GREY = (byte) 128;

  private Moves() {}

  /**
   * Turns the frames about their centre.
   *
   * @param degrees counter-clockwise
   */
  public record Rotate(double degrees) implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      double angle = Math.toRadians(degrees);
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      double x = shape.width() / 2.0;
      double y = shape.height() / 2.0;
      new Source(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)
          .move(pixels, shape);
    }
  }

  /**
   * Slants the frames; the upper left corner stays.
   *
   * @param x columns by which a row is moved to the left of the one above it
   * @param y rows by which a column is moved up from the one to its left
   */
  public record Shear(double x, double y) implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      new Source(1, x, 0, y, 1, 0).move(pixels, shape);
    }
  }

  /**
   * Shifts the frames.
   *
   * @param x to the left, as a share of the width
   * @param y upwards, as a share of the height
   */
  public record Translate(double x, double y) implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      new Source(1, 0, x * shape.width(), 0, 1, y * shape.height()).move(pixels, shape);
    }
  }

  /**
   * Where pixels come from: {@code (a x + b y + c, d x + e y + f)}, in pixels; the centre of the
   * first is (0.5, 0.5).
   */
  private record Source(double a, double b, double c, double d, double e, double f) {

    void move(byte[] pixels, ClipShape shape) {
      int length = shape.height() * shape.width() * CHANNELS;
      byte[] frame = new byte[length];
      for (int i = 0; i < shape.frames(); i++) {
        System.arraycopy(pixels, i * length, frame, 0, length);
        move(frame, pixels, i * length, shape.height(), shape.width());
      }
    }

    private void move(byte[] frame, byte[] out, int start, int height, int width) {
      int at = start;
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          double x = a * (column + 0.5) + b * (row + 0.5) + c;
          double y = d * (column + 0.5) + e * (row + 0.5) + f;
          boolean inside = x >= 0 && x < width && y >= 0 && y < height;
          for (int channel = 0; channel < CHANNELS; channel++) {
            out[at++] = inside ? between(frame, height, width, x - 0.5, y - 0.5, channel) : GREY;
          }
        }
      }
    }

    private static byte between(
        byte[] frame, int height, int width, double x, double y, int channel) {
      int left = (int) Math.floor(x);
      int top = (int) Math.floor(y);
      double right = x - left;
      double below = y - top;
      int west = Math.max(0, left) * CHANNELS + channel;
      int east = Math.min(width - 1, left + 1) * CHANNELS + channel;
      int north = Math.max(0, top) * width * CHANNELS;
      int south = Math.min(height - 1, top + 1) * width * CHANNELS;
      double upper = mix(frame[north + west] & 0xff, frame[north + east] & 0xff, right);
      double lower = mix(frame[south + west] & 0xff, frame[south + east] & 0xff, right);
      return (byte) (int) mix(upper, lower, below);
    }

    private static double mix(double from, double to, double share) {
      return from + (to - from) * share;
    }
  }
}
