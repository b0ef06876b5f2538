package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Clears the low bits.
 *
 * @param bits that stay, from the highest; 8 and more change nothing, 0 makes the clip black
 */
public record Posterise(int bits) implements Operation {

  /** Refuses fewer than no bits. */
  public Posterise {
    if (bits < 0) {
      throw new IllegalArgumentException("posterise to " + bits + " bits; expected 0 or more");
    }
  }

  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    int mask = bits >= 8 ? 0xff : (0xff00 >> bits) & 0xff;
    Tones.apply(pixels, Tones.table(value -> value & mask));
  }
}
