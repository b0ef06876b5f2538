package vivit.spark.demo;

/** Events of a demo video: a coloured shape appears, lights the scene, drifts and disappears. */
public enum EventKind {
  DISC(220, 50, 50),
  SQUARE(60, 200, 70),
  TRIANGLE(70, 90, 230),
  CROSS(230, 210, 60);

  private final int red;
  private final int green;
  private final int blue;

  EventKind(int red, int green, int blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  /** Red, green or blue (channel 0, 1, 2) before the event's own variation, 0 to 255. */
  int colour(int channel) {
    return switch (channel) {
      case 0 -> red;
      case 1 -> green;
      default -> blue;
    };
  }

  /**
   * Whether the shape covers a point.
   *
   * @param dx from the centre to the right, as a share of the frame's shorter side
   * @param dy from the centre downwards, in the same unit
   * @param size half the shape's height, in the same unit
   */
  boolean covers(double dx, double dy, double size) {
    return switch (this) {
      case DISC -> dx * dx + dy * dy < size * size;
      case SQUARE -> Math.abs(dx) < 0.9 * size && Math.abs(dy) < 0.9 * size;
      case TRIANGLE -> dy > -size && dy < size && Math.abs(dx) < 0.6 * (dy + size);
      case CROSS -> bar(dx, dy, size) || bar(dy, dx, size);
    };
  }

  private static boolean bar(double across, double along, double size) {
    return Math.abs(across) < 0.35 * size && Math.abs(along) < size;
  }
}
