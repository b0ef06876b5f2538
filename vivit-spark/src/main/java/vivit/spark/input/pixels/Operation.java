package vivit.spark.input.pixels;

import vivit.model.shape.ClipShape;

/**
 * One of RandAugment's operations; docs/vivit.md, 6.2.
 *
 * <p>A clip is treated as one tall image {@code [T*H, W, 3]}: statistics are those of the whole
 * clip, and what an operation does to a pixel it does in all frames alike.
 *
 * @see <a href="https://arxiv.org/abs/1909.13719">Cubuk et al., RandAugment</a>
 */
public sealed interface Operation
    permits AutoContrast,
        Brightness,
        Colour,
        Contrast,
        Cutout,
        Equalise,
        Identity,
        Invert,
        Posterise,
        Sharpness,
        Solarise,
        SolariseAdd {

  /**
   * Changes a clip in place.
   *
   * @param pixels {@code [T, H, W, 3]} of uint8
   * @param shape T, H and W
   */
  void apply(byte[] pixels, ClipShape shape);
}
