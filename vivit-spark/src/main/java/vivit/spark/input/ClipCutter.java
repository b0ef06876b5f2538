package vivit.spark.input;

import vivit.dataprep.clip.FrameCutter;
import vivit.dataprep.clip.FrameCutter.Columns;
import vivit.dataprep.clip.FrameCutter.Window;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.shard.Clip;
import vivit.model.shape.ClipShape;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

/**
 * Cuts a training clip out of a stored one: temporal window, scale jitter or the enlargement of a
 * resized crop, random crop, mirror; in this order, on uint8, one draw per clip for each;
 * docs/vivit.md, 6.1.
 *
 * <p>Scale jitter draws height and width independently, so the aspect ratio changes. Rescaled
 * frames that would be smaller than the crop are kept at the crop's size; the original code fails
 * in that case. All draws are made, used or not, so a probability changes only its own effect. Not
 * thread-safe.
 */
final class ClipCutter {
  private final ClipShape shape;
  private final double minScale;
  private final double maxScale;
  private final ResizedCrop resizedCrop;
  private final byte[] pixels;

  /**
   * Creates a cutter.
   *
   * @param shape of the training clips
   * @param minScale smallest factor of the scale jitter
   * @param maxScale largest factor of the scale jitter
   * @param resizedCrop instead of scale jitter
   */
  ClipCutter(ClipShape shape, double minScale, double maxScale, ResizedCrop resizedCrop) {
    this.shape = shape;
    this.minScale = minScale;
    this.maxScale = maxScale;
    this.resizedCrop = resizedCrop;
    this.pixels = new byte[shape.frames() * shape.height() * shape.width() * 3];
  }

  /** Whether a clip drawn for mirroring may be mirrored. */
  enum Mirror {
    ALLOWED,
    FORBIDDEN
  }

  /**
   * A training clip.
   *
   * @param pixels {@code [T, H, W, 3]}; owned by the cutter and overwritten by the next clip
   * @param mirrored whether its columns were reversed
   */
  record Cut(byte[] pixels, boolean mirrored) {}

  /** Cuts one clip. */
  Cut cut(Clip clip, StepValues values, Mirror mirror, Draws draws) {
    double jitter = draws.unit();
    double heightScale = draws.between(minScale, maxScale);
    double widthScale = draws.between(minScale, maxScale);
    double first = draws.unit();
    double top = draws.unit();
    double left = draws.unit();
    boolean mirrored = draws.unit() < values.of(Strength.FLIP) && mirror == Mirror.ALLOWED;

    requireRoom(clip);
    FrameSize stored = new FrameSize(clip.height(), clip.width());
    FrameSize full = stored;
    if (!resizedCrop.off()) {
      full = resizedCrop.enlarged(stored, shape, draws);
    } else if (jitter < values.of(Strength.SCALE_JITTER)) {
      full =
          new FrameSize(
              Math.max(shape.height(), (int) (heightScale * clip.height())),
              Math.max(shape.width(), (int) (widthScale * clip.width())));
    }
    Window window =
        new Window(
            pick(top, full.height() - shape.height()),
            pick(left, full.width() - shape.width()),
            shape.height(),
            shape.width(),
            mirrored ? Columns.BACKWARDS : Columns.FORWARDS);
    new FrameCutter(stored, full, window)
        .cut(clip, pick(first, clip.frames() - shape.frames()), shape.frames(), pixels);
    return new Cut(pixels, mirrored);
  }

  /** Maps a number in [0, 1) to a whole number from 0 to {@code slack}, uniformly. */
  private static int pick(double unit, int slack) {
    return (int) (unit * (slack + 1));
  }

  private void requireRoom(Clip clip) {
    int frames = shape.frames();
    int height = shape.height();
    int width = shape.width();
    if (clip.frames() < frames || clip.height() < height || clip.width() < width) {
      throw new Refusal(
          String.format(
              "clip %s has %d frames of %dx%d, less than the %d frames of %dx%d to cut from it",
              clip.clipId(), clip.frames(), clip.height(), clip.width(), frames, height, width));
    }
  }
}
