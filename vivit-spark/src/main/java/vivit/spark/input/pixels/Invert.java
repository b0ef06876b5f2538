package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/** The negative: {@code 255 - x}. */
public record Invert() implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ~pixels[i];
    }
  }
}
