package vivit.model.shape;

/**
 * Tokens of a clip along time, height and width; token index is {@code (t * height + y) * width +
 * x}.
 */
public record TokenGrid(int time, int height, int width) {

  /** Refuses sizes below one, and more tokens than an {@code int} holds. */
  public TokenGrid {
    if (time < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Token grid %dx%dx%d (time x height x width) has a size below 1"
              .formatted(time, height, width));
    }
    if ((long) height * width > Integer.MAX_VALUE / time) {
      throw new IllegalArgumentException(
          "Token grid %dx%dx%d (time x height x width) has more than %d tokens; use larger tubelets"
              .formatted(time, height, width, Integer.MAX_VALUE));
    }
  }

  /** Tokens of one time index. */
  public int spatial() {
    return height * width;
  }

  /** Tokens of the whole clip. */
  public int tokens() {
    return time * spatial();
  }
}
