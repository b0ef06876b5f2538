package vivit.spark.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The content of one demo video before encoding.
 *
 * <p>Four events follow one another over a noisy plain background, which each event lights in its
 * own colour while it lasts. Each begins with a tubelet of the demo's model and ends before the
 * next one begins, so no tubelet holds two events: without the times of the tubelets, all classes
 * look the same. All draws but the kinds of the events are independent of the class.
 *
 * @param order the class
 * @param height pixels
 * @param width pixels
 * @param framesPerSecond frame rate
 * @param events in order of time
 * @param background red, green, blue, 0 to 255; owned by this record
 * @param noise largest deviation of a pixel, grey levels
 * @param brightness factor on events and background
 * @param noiseSeed seed of the pixel noise
 */
record DemoScene(
    EventOrder order,
    int height,
    int width,
    int framesPerSecond,
    List<DemoEvent> events,
    double[] background,
    double noise,
    double brightness,
    long noiseSeed)
    implements VideoScene {

  /**
   * Time from the start of one event to the start of the next: one tubelet of the demo's model. All
   * events have the same position relative to their tubelets; otherwise that position would reveal
   * their order.
   */
  static final double SLOT_SECONDS = 1.0;

  /** Length of every video. */
  static final double SECONDS = 4 * SLOT_SECONDS;

  /** Frame rates; {@link #SECONDS} is a whole number of frames at each. */
  private static final int[] RATES = {12, 20, 24, 30};

  private static final int[] HEIGHTS = {48, 56, 64, 72, 80};
  private static final int[] WIDTHS = {64, 72, 80, 88, 96};

  /**
   * Draws a scene; with the same seed, another order gives the same scene with other kinds of
   * events.
   */
  static DemoScene draw(EventOrder order, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<DemoEvent> events = new ArrayList<>();
    for (EventKind kind : order.events()) {
      events.add(DemoEvent.draw(kind, events.size() * SLOT_SECONDS, random));
    }
    double grey = random.nextDouble(68, 122);
    return new DemoScene(
        order,
        HEIGHTS[random.nextInt(HEIGHTS.length)],
        WIDTHS[random.nextInt(WIDTHS.length)],
        RATES[random.nextInt(RATES.length)],
        List.copyOf(events),
        random.doubles(3, grey - 12, grey + 12).toArray(),
        random.nextDouble(4, 24),
        random.nextDouble(0.88, 1.08),
        random.nextLong());
  }

  @Override
  public int frames() {
    return (int) Math.round(SECONDS * framesPerSecond);
  }

  @Override
  public byte[] frame(int index) {
    double seconds = (double) index / framesPerSecond;
    SplittableRandom random = new SplittableRandom(noiseSeed + index);
    byte[] pixels = new byte[height * width * 3];
    DemoEvent visible =
        events.stream().filter(event -> event.visible(seconds)).findFirst().orElse(null);
    int shorter = Math.min(height, width);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        boolean covered =
            visible != null
                && visible
                    .kind()
                    .covers(
                        (column + 0.5 - visible.x(seconds) * width) / shorter,
                        (row + 0.5 - visible.y(seconds) * height) / shorter,
                        visible.size());
        double deviation = noise * ((random.nextInt() >>> 8) * 0x1p-23 - 1);
        for (int channel = 0; channel < 3; channel++) {
          double colour = background[channel];
          if (visible != null) {
            double own = visible.kind().colour(channel) + visible.tint()[channel];
            colour = covered ? own : (colour + own) / 2;
          }
          double value = colour * brightness + deviation;
          pixels[(row * width + column) * 3 + channel] =
              (byte) Math.round(Math.min(Math.max(value, 0), 255));
        }
      }
    }
    return pixels;
  }
}
