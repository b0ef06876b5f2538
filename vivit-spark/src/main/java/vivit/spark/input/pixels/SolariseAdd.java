package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Adds to the values below 128, up to 255; the others stay.
 *
 * @param addition 0 or more
 */
public record SolariseAdd(int addition) implements Operation {
  private static final int THRESHOLD = 128;

  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    Tones.apply(
        pixels, Tones.table(value -> value < THRESHOLD ? Math.min(255, value + addition) : value));
  }
}
