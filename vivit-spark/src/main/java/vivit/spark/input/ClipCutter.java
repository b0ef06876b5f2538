package vivit.spark.input;

import java.util.Arrays;
import vivit.dataprep.clip.FrameResizer;
import vivit.dataprep.shard.StoredClip;
import vivit.model.shape.ClipShape;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

/**
 * Cuts a training clip out of a stored one: temporal window, scale jitter, random crop, mirror; in
 * this order, on uint8, one draw per clip for each; reference section 4.6.
 *
 * <p>Scale jitter draws height and width independently, so the aspect ratio changes. Where the
 * rescaled frames would be smaller than the crop they are kept at the crop's size; the reference
 * code fails there. All draws are made whether used or not, so a rate changes only what it is a
 * rate of.
 *
 * @param shape of the training clip
 * @param augmentation range of the scale jitter
 */
record ClipCutter(ClipShape shape, Augmentation augmentation) {

  /** Whether a clip whose turn it is may be mirrored. */
  enum Mirror {
    ALLOWED,
    FORBIDDEN
  }

  /**
   * A training clip.
   *
   * @param pixels {@code [T, H, W, 3]}, owned by it
   * @param mirrored whether its columns were reversed
   */
  record Cut(byte[] pixels, boolean mirrored) {}

  /** Cuts one clip. */
  Cut cut(StoredClip clip, StepValues values, Mirror mirror, Draws draws) {
    double jitter = draws.unit();
    double tall = draws.between(augmentation.minScale(), augmentation.maxScale());
    double wide = draws.between(augmentation.minScale(), augmentation.maxScale());
    double first = draws.unit();
    double top = draws.unit();
    double left = draws.unit();
    boolean mirrored = draws.unit() < values.of(Strength.FLIP) && mirror == Mirror.ALLOWED;

    byte[] pixels = window(clip, pick(first, clip.frames() - shape.frames()));
    int fullHeight = clip.height();
    int fullWidth = clip.width();
    if (jitter < values.of(Strength.SCALE_JITTER)) {
      fullHeight = Math.max(shape.height(), (int) (tall * clip.height()));
      fullWidth = Math.max(shape.width(), (int) (wide * clip.width()));
      pixels =
          FrameResizer.bilinear(
              pixels, shape.frames(), clip.height(), clip.width(), fullHeight, fullWidth);
    }
    int y = pick(top, fullHeight - shape.height());
    int x = pick(left, fullWidth - shape.width());
    return new Cut(crop(pixels, fullHeight, fullWidth, y, x, mirrored ? -1 : 1), mirrored);
  }

  /** Uniform over 0 … slack from a number in [0, 1). */
  private static int pick(double unit, int slack) {
    return (int) (unit * (slack + 1));
  }

  private byte[] window(StoredClip clip, int first) {
    int frames = shape.frames();
    int height = shape.height();
    int width = shape.width();
    if (clip.frames() < frames || clip.height() < height || clip.width() < width) {
      throw new IllegalArgumentException(
          String.format(
              "clip %s has %d frames of %dx%d, less than the %d frames of %dx%d to cut from it",
              clip.clipId(), clip.frames(), clip.height(), clip.width(), frames, height, width));
    }
    if (clip.frames() == frames) {
      return clip.pixels();
    }
    int bytes = clip.height() * clip.width() * 3;
    return Arrays.copyOfRange(clip.pixels(), first * bytes, (first + frames) * bytes);
  }

  /** Copies the window at (y, x); {@code direction} -1 reads its columns from right to left. */
  private byte[] crop(byte[] pixels, int fullHeight, int fullWidth, int y, int x, int direction) {
    int frames = shape.frames();
    int height = shape.height();
    int width = shape.width();
    byte[] cut = new byte[frames * height * width * 3];
    int at = 0;
    for (int t = 0; t < frames; t++) {
      for (int row = 0; row < height; row++) {
        int line = ((t * fullHeight + y + row) * fullWidth + x) * 3;
        if (direction > 0) {
          System.arraycopy(pixels, line, cut, at, width * 3);
          at += width * 3;
          continue;
        }
        for (int column = width - 1; column >= 0; column--) {
          for (int channel = 0; channel < 3; channel++) {
            cut[at++] = pixels[line + column * 3 + channel];
          }
        }
      }
    }
    return cut;
  }
}
