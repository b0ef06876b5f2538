package vivit.spark.input.pixels;

import java.util.Arrays;
import vivit.model.shape.ClipShape;

/**
 * One of RandAugment's operations (docs/vivit.md, 6.2).
 *
 * <p>A clip is treated as one tall image {@code [T*H, W, 3]}: statistics cover the whole clip, and
 * an operation treats all frames alike. {@link #applyToFrames} has statistics of each frame.
 *
 * @see <a href="https://arxiv.org/abs/1909.13719">Cubuk et al., RandAugment</a>
 */
public sealed interface PixelOperation
    permits PixelOperation.Cutout,
        PixelOperation.Identity,
        Blends.Brightness,
        Blends.Colour,
        Blends.Contrast,
        Blends.MeanContrast,
        Blends.Sharpness,
        Moves.Rotate,
        Moves.Shear,
        Moves.Translate,
        Tones.AutoContrast,
        Tones.Equalise,
        Tones.Invert,
        Tones.Posterise,
        Tones.Solarise,
        Tones.SolariseAdd {

  /**
   * Changes a clip in place.
   *
   * @param pixels {@code [T, H, W, 3]} of uint8
   * @param shape T, H and W
   */
  void apply(byte[] pixels, ClipShape shape);

  /** Changes every frame of a clip in place, as if it were a clip of its own. */
  default void applyToFrames(byte[] pixels, ClipShape shape) {
    ClipShape single = new ClipShape(1, shape.height(), shape.width());
    byte[] frame = new byte[pixels.length / shape.frames()];
    for (int start = 0; start < pixels.length; start += frame.length) {
      System.arraycopy(pixels, start, frame, 0, frame.length);
      apply(frame, single);
      System.arraycopy(frame, 0, pixels, start, frame.length);
    }
  }

  /**
   * Blackens a square, clipped to the frame and the same in all frames.
   *
   * @param halfSize half its side in pixels
   * @param row of its centre
   * @param column of its centre
   */
  record Cutout(int halfSize, int row, int column) implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {
      int top = Math.max(0, row - halfSize);
      int bottom = Math.min(shape.height(), row + halfSize);
      int left = Math.max(0, column - halfSize);
      int right = Math.min(shape.width(), column + halfSize);
      for (int frame = 0; frame < shape.frames(); frame++) {
        for (int y = top; y < bottom; y++) {
          int line = (frame * shape.height() + y) * shape.width();
          Arrays.fill(pixels, (line + left) * 3, (line + right) * 3, (byte) 0);
        }
      }
    }
  }

  /** Changes nothing; one of RandAugment's draws in twelve. */
  record Identity() implements PixelOperation {
    @Override
    public void apply(byte[] pixels, ClipShape shape) {}
  }
}
