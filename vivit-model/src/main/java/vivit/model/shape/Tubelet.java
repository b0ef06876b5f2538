package vivit.model.shape;

/**
 * The block of pixels that becomes one token: {@code frames} x {@code height} x {@code width} RGB
 * pixels. Paper section 3.2.
 */
public record Tubelet(int frames, int height, int width) {

  /** Colour channels of a pixel. */
  public static final int CHANNELS = 3;

  /** Refuses sizes below one, and more values than an {@code int} holds. */
  public Tubelet {
    if (frames < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Tubelet %dx%dx%d (frames x height x width) has a size below 1"
              .formatted(frames, height, width));
    }
    if ((long) height * width > Integer.MAX_VALUE / CHANNELS / frames) {
      throw new IllegalArgumentException(
          "Tubelet %dx%dx%d (frames x height x width) has more than %d numbers; use a smaller one"
              .formatted(frames, height, width, Integer.MAX_VALUE));
    }
  }

  /** Values in a flattened tubelet, in the order frame, row, column, channel. */
  public int values() {
    return frames * height * width * CHANNELS;
  }
}
