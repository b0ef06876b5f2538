package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * Goes from an even grey towards the clip and beyond.
 *
 * <p>The grey should be the clip's mean, but in the original code (docs/vivit.md, 6.2) it is the
 * number of pixels divided by 256, at most 255: white for any real clip.
 *
 * @param factor 0 is the even grey, 1 the clip itself
 */
public record Contrast(float factor) implements Operation {
  @Override
  public void apply(byte[] pixels, ClipShape shape) {
    long count = (long) shape.frames() * shape.height() * shape.width();
    int grey = (int) Math.min(255, count / 256);
    Blend blend = new Blend(factor);
    Tones.apply(pixels, Tones.table(value -> blend.of(grey, value)));
  }
}
