package vivit.spark.demo;

import java.util.SplittableRandom;
import vivit.spark.demo.ObjectMotion.Axis;

/**
 * An object that moves or changes its size over a textured, darker background, and a smaller one
 * that stands still or wanders about, in front of it or behind.
 *
 * <p>Videos of opposite motions with the same seed have the same frames in reversed order, to the
 * bit: neither a frame nor any set of frames without their order tells them apart. All draws but
 * the motion's axis and sense are independent of the class.
 *
 * @param motion the motion
 * @param kind shape of the object
 * @param height pixels
 * @param width pixels
 * @param framesPerSecond frame rate
 * @param frames number of frames, for 1.6 to 3 seconds
 * @param object what moves
 * @param distractor what does not matter
 * @param background colours and texture
 * @param noise largest deviation of a pixel, grey levels
 * @param noiseSeed seed of the pixel noise
 */
record MotionScene(
    ObjectMotion motion,
    EventKind kind,
    int height,
    int width,
    int framesPerSecond,
    int frames,
    MovingObject object,
    Distractor distractor,
    Background background,
    double noise,
    long noiseSeed)
    implements VideoScene {
  static final double LEAST_SECONDS = 1.6;
  static final double MOST_SECONDS = 3.0;

  private static final int[] RATES = {12, 15, 24, 25, 30};
  private static final int[] HEIGHTS = {72, 80, 96};
  private static final int[] WIDTHS = {80, 96, 112, 128};

  /**
   * What moves, from one end to the other while progress goes from 0 to 1.
   *
   * @param x centre at half way, as a share of the frame's width
   * @param y likewise, of the height
   * @param travel of the axis that the class is about, all of it: a share of width or height, or
   *     the logarithm of the factor of its size
   * @param driftX travel across, where the class is about something else
   * @param driftY likewise downwards
   * @param size half its height at half way, as a share of the frame's shorter side
   * @param colour red, green, blue, 0 to 255; owned by this record
   */
  record MovingObject(
      double x,
      double y,
      double travel,
      double driftX,
      double driftY,
      double size,
      double[] colour) {}

  /**
   * What stands still or wanders along a figure of two sines, and ends where it began.
   *
   * @param kind shape
   * @param x centre, as a share of the width
   * @param y centre, as a share of the height
   * @param reach how far it goes, in the same shares; 0 where it stands still
   * @param phases of the two sines
   * @param size half its height, as a share of the frame's shorter side
   * @param front whether it hides the object
   * @param colour as the object's
   */
  record Distractor(
      EventKind kind,
      double x,
      double y,
      double reach,
      double[] phases,
      double size,
      boolean front,
      double[] colour) {}

  /**
   * Waves of light over a plain colour.
   *
   * @param colour red, green, blue, 0 to 255; owned by this record
   * @param depth of the waves, grey levels
   * @param across waves over the frame's width
   * @param down waves over its height
   * @param phase of the waves
   */
  record Background(double[] colour, double depth, double across, double down, double phase) {}

  /** Draws a scene; another motion of the same seed changes nothing but the motion. */
  static MotionScene draw(ObjectMotion motion, EventKind kind, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int rate = RATES[random.nextInt(RATES.length)];
    double seconds = random.nextDouble(LEAST_SECONDS, MOST_SECONDS);
    int height = HEIGHTS[random.nextInt(HEIGHTS.length)];
    int width = WIDTHS[random.nextInt(WIDTHS.length)];
    Background background =
        new Background(
            random.doubles(3, 25, 110).toArray(),
            random.nextDouble(20),
            random.nextDouble(-4, 4),
            random.nextDouble(-4, 4),
            random.nextDouble(2 * Math.PI));
    MovingObject object =
        new MovingObject(
            random.nextDouble(0.35, 0.65),
            random.nextDouble(0.35, 0.65),
            random.nextDouble(0.4, 0.6),
            random.nextDouble(-0.08, 0.08),
            random.nextDouble(-0.08, 0.08),
            random.nextDouble(0.18, 0.28),
            random.doubles(3, 150, 245).toArray());
    Distractor distractor =
        new Distractor(
            EventKind.values()[random.nextInt(EventKind.values().length)],
            random.nextDouble(0.1, 0.9),
            random.nextDouble(0.1, 0.9),
            random.nextBoolean() ? random.nextDouble(0.03, 0.1) : 0,
            random.doubles(2, 0, 2 * Math.PI).toArray(),
            random.nextDouble(0.05, 0.1),
            random.nextBoolean(),
            random.doubles(3, 150, 245).toArray());
    return new MotionScene(
        motion,
        kind,
        height,
        width,
        rate,
        (int) Math.ceil(seconds * rate),
        object,
        distractor,
        background,
        random.nextDouble(4, 24),
        random.nextLong());
  }

  /** Centre and size of a shape in one frame: pixels from the left, from the top, half height. */
  private record Drawn(EventKind kind, double x, double y, double size, double[] colour) {
    boolean covers(int row, int column) {
      return kind.covers(column + 0.5 - x, row + 0.5 - y, size);
    }
  }

  private Drawn object(double progress) {
    double from = progress - 0.5;
    Axis axis = motion.axis();
    double x = object.x() + from * (axis == Axis.ACROSS ? object.travel() : object.driftX());
    double y = object.y() + from * (axis == Axis.DOWNWARDS ? object.travel() : object.driftY());
    double factor = axis == Axis.SIZE ? Math.exp(2 * object.travel() * from) : 1;
    return new Drawn(
        kind,
        x * width,
        y * height,
        object.size() * factor * Math.min(height, width),
        object.colour());
  }

  private Drawn distractor(double progress) {
    double turn = 2 * Math.PI * progress;
    return new Drawn(
        distractor.kind(),
        width * (distractor.x() + distractor.reach() * Math.sin(turn + distractor.phases()[0])),
        height
            * (distractor.y() + distractor.reach() * Math.sin(2 * turn + distractor.phases()[1])),
        distractor.size() * Math.min(height, width),
        distractor.colour());
  }

  @Override
  public byte[] frame(int index) {
    int drawn = motion.backwards() ? frames - 1 - index : index;
    double progress = (double) drawn / (frames - 1);
    SplittableRandom random = new SplittableRandom(noiseSeed + drawn);
    Drawn object = object(progress);
    Drawn other = distractor(progress);
    Drawn front = distractor.front() ? other : object;
    Drawn behind = distractor.front() ? object : other;
    byte[] pixels = new byte[height * width * 3];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double[] colour =
            front.covers(row, column)
                ? front.colour()
                : behind.covers(row, column) ? behind.colour() : null;
        double texture = colour == null ? texture(row, column) : 0;
        double deviation = noise * ((random.nextInt() >>> 8) * 0x1p-23 - 1);
        for (int channel = 0; channel < 3; channel++) {
          double plain = colour == null ? background.colour()[channel] : colour[channel];
          double value = Math.min(Math.max(plain + texture + deviation, 0), 255);
          pixels[(row * width + column) * 3 + channel] = (byte) Math.round(value);
        }
      }
    }
    return pixels;
  }

  private double texture(int row, int column) {
    double waves = background.across() * column / width + background.down() * row / height;
    return background.depth() * Math.sin(2 * Math.PI * waves + background.phase());
  }
}
