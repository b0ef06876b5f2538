package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Inverts the values from a threshold up.
 *
 * <p>The threshold is a byte in the original code (docs/vivit.md, 6.2), so it counts modulo 256:
 * 384 is 128, and 512 is 0, which inverts everything.
 *
 * @param threshold smallest value that is inverted, modulo 256
 */
public record Solarise(int threshold) implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    int smallest = threshold & 0xff;
    Tones.apply(pixels, Tones.table(value -> value < smallest ? value : 255 - value));
  }
}
