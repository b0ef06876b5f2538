package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Goes from black towards the clip and beyond.
 *
 * @param factor 0 is black, 1 the clip itself
 */
public record Brightness(float factor) implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    Blend blend = new Blend(factor);
    Tones.apply(pixels, Tones.table(value -> blend.of(0, value)));
  }
}
