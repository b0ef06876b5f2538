package vivit.spark.input;

import vivit.spark.input.pixels.ColourShift;
import vivit.spark.input.pixels.Planes;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

/**
 * Changes or removes the colours of a whole clip; docs/vivit.md, 6.3. Every value is drawn once per
 * clip, used or not.
 */
record ColourJitter(boolean shifted, ColourShift shift, boolean grey) {
  private static final double BRIGHTNESS = 32.0 / 255;
  private static final double FACTOR = 0.4;
  private static final double HUE = 0.2;

  /** Draws the changes of one clip. */
  static ColourJitter draw(StepValues values, Draws draws) {
    boolean shifted = draws.unit() < values.of(Strength.COLOUR_JITTER);
    ColourShift shift =
        new ColourShift(
            (float) draws.between(-BRIGHTNESS, BRIGHTNESS),
            (float) draws.between(1 - FACTOR, 1 + FACTOR),
            (float) draws.between(1 - FACTOR, 1 + FACTOR),
            (float) draws.between(-HUE, HUE));
    return new ColourJitter(shifted, shift, draws.unit() < values.of(Strength.GREY));
  }

  /** Whether the clip remains unchanged. */
  boolean idle() {
    return !shifted && !grey;
  }

  /** Changes a frame of values in [-1, 1] in place. */
  void apply(Planes frame) {
    if (shifted) {
      shift.apply(frame);
    }
    if (grey) {
      ColourShift.removeColour(frame);
    }
  }
}
