package vivit.spark.demo;

import java.util.SplittableRandom;

/**
 * One event of a demo video.
 *
 * @param kind the shape
 * @param start seconds from the start of the video, when it appears
 * @param end seconds, when it disappears
 * @param x centre at half time, as a share of the frame's width
 * @param y centre at half time, as a share of the frame's height
 * @param velocityX shares of the width per second
 * @param velocityY shares of the height per second
 * @param size half its height, as a share of the frame's shorter side
 * @param tint added to the kind's colour, red, green, blue; owned by this record
 */
record DemoEvent(
    EventKind kind,
    double start,
    double end,
    double x,
    double y,
    double velocityX,
    double velocityY,
    double size,
    double[] tint) {

  /** Shortest event: long enough for both frames of a tubelet, half a second apart, to show it. */
  static final double LEAST_SECONDS = 0.6;

  /** Longest event: short enough to end before the last frame of its slot at any frame rate. */
  static final double MOST_SECONDS = 0.9;

  private static final double EDGE = 0.15;

  /** Draws everything at random except kind and start. */
  static DemoEvent draw(EventKind kind, double start, SplittableRandom random) {
    double seconds = random.nextDouble(LEAST_SECONDS, MOST_SECONDS);
    double angle = random.nextDouble(2 * Math.PI);
    double speed = random.nextDouble(0.5);
    return new DemoEvent(
        kind,
        start,
        start + seconds,
        random.nextDouble(0.25, 0.75),
        random.nextDouble(0.25, 0.75),
        speed * Math.cos(angle),
        speed * Math.sin(angle),
        random.nextDouble(0.2, 0.33),
        random.doubles(3, -15, 15).toArray());
  }

  /** Whether the event is visible in a frame at this time. */
  boolean visible(double seconds) {
    return start <= seconds && seconds < end;
  }

  /** Centre at this time, as a share of the width; kept off the frame's edge. */
  double x(double seconds) {
    return inside(x + velocityX * (seconds - (start + end) / 2));
  }

  /** Centre at this time, as a share of the height; kept off the frame's edge. */
  double y(double seconds) {
    return inside(y + velocityY * (seconds - (start + end) / 2));
  }

  private static double inside(double share) {
    return Math.min(Math.max(share, EDGE), 1 - EDGE);
  }
}
