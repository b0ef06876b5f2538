package vivit.model.shape;

/** Size of a model's input clip: {@code frames} RGB images of {@code height} x {@code width}. */
public record ClipShape(int frames, int height, int width) {

  private static final int LARGEST = 1 << 16;

  /** Refuses sizes below one, and above any clip's. */
  public ClipShape {
    if (frames < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Clip %dx%dx%d (frames x height x width) has a size below 1"
              .formatted(frames, height, width));
    }
    if (frames > LARGEST || height > LARGEST || width > LARGEST) {
      throw new IllegalArgumentException(
          "Clip %dx%dx%d (frames x height x width) has a size above %d"
              .formatted(frames, height, width, LARGEST));
    }
  }

  /**
   * The grid of tubelets that fit this clip. Trailing frames and pixels that do not fill a tubelet
   * are dropped; a clip smaller than one tubelet is refused.
   */
  public TokenGrid grid(Tubelet tubelet) {
    if (frames < tubelet.frames() || height < tubelet.height() || width < tubelet.width()) {
      throw new IllegalArgumentException(
          "Clip %dx%dx%d is smaller than one tubelet %dx%dx%d (frames x height x width)"
              .formatted(
                  frames, height, width, tubelet.frames(), tubelet.height(), tubelet.width()));
    }
    return new TokenGrid(
        frames / tubelet.frames(), height / tubelet.height(), width / tubelet.width());
  }
}
