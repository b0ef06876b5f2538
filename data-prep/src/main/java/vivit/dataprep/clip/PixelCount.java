package vivit.dataprep.clip;

/** Computes the sizes of pixel arrays. */
final class PixelCount {
  private PixelCount() {}

  /**
   * Length of {@code [frames, height, width, 3]} in bytes.
   *
   * @throws IllegalArgumentException if a size is below 1 or the array would exceed 2 GiB
   */
  static int bytes(int frames, int height, int width) {
    if (frames < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Frames of %d x %d x %d, expected sizes of at least 1".formatted(frames, height, width));
    }
    long bytes;
    try {
      bytes = Math.multiplyExact(Math.multiplyExact((long) frames * height, width), 3L);
    } catch (ArithmeticException e) {
      bytes = Long.MAX_VALUE;
    }
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "A clip of %d frames of %d x %d pixels passes 2 GiB; set a smaller short side"
              .formatted(frames, height, width));
    }
    return (int) bytes;
  }
}
