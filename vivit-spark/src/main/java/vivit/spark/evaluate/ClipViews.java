package vivit.spark.evaluate;

import java.nio.FloatBuffer;
import java.util.List;
import vivit.dataprep.clip.FrameCutter;
import vivit.dataprep.clip.FrameCutter.Columns;
import vivit.dataprep.clip.FrameCutter.Window;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.config.Refusal;
import vivit.dataprep.shard.Clip;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.spark.input.ClipTokens;

/**
 * Converts stored clips to the tokens of their crops. If a stored clip has more frames than the
 * model, its middle frames are taken. Not thread-safe.
 */
public final class ClipViews {
  private final ClipShape shape;
  private final ClipTokens tokens;
  private final int crops;
  private final byte[] pixels;

  /** The start of a crop in a stored frame, in pixels from the top left corner. */
  record Crop(int top, int left) {

    /**
     * The crops of a view, in order.
     *
     * <p>One crop is the centre, rounded down. Three crops are start, centre and end of the longer
     * side (of the width when both are equal), where the centre is rounded up; the shorter side is
     * centred, rounded down.
     *
     * @param count 1 or 3
     * @throws Refusal if the frame is smaller than the crop
     */
    static List<Crop> of(int count, int height, int width, int cropHeight, int cropWidth) {
      if (count != 1 && count != 3) {
        throw new IllegalArgumentException("found " + count + " crops of a view, expected 1 or 3");
      }
      if (cropHeight > height || cropWidth > width) {
        throw new Refusal(
            "found frames of %d x %d pixels (height x width), expected at least the model's %d x %d; prepare the shards with a larger short side"
                .formatted(height, width, cropHeight, cropWidth));
      }
      int freeRows = height - cropHeight;
      int freeColumns = width - cropWidth;
      int top = freeRows / 2;
      int left = freeColumns / 2;
      if (count == 1) {
        return List.of(new Crop(top, left));
      }
      if (width >= height) {
        return List.of(
            new Crop(top, 0), new Crop(top, (freeColumns + 1) / 2), new Crop(top, freeColumns));
      }
      return List.of(
          new Crop(0, left), new Crop((freeRows + 1) / 2, left), new Crop(freeRows, left));
    }
  }

  /** Creates views for the clips of a model, {@code crops} of each. */
  public ClipViews(ViViTConfig config, int crops) {
    this.shape = config.clip();
    this.tokens = new ClipTokens(config);
    this.crops = crops;
    this.pixels = new byte[shape.frames() * shape.height() * shape.width() * 3];
  }

  /** Writes the tokens of a clip's crops, in order. */
  public void write(Clip clip, FloatBuffer out) {
    if (clip.frames() < shape.frames()) {
      throw new Refusal(
          "clip %s has %d frames, expected at least the model's %d; prepare longer clips"
              .formatted(clip.clipId(), clip.frames(), shape.frames()));
    }
    int first = (clip.frames() - shape.frames()) / 2;
    FrameSize size = new FrameSize(clip.height(), clip.width());
    for (Crop crop : Crop.of(crops, clip.height(), clip.width(), shape.height(), shape.width())) {
      Window window =
          new Window(crop.top(), crop.left(), shape.height(), shape.width(), Columns.FORWARDS);
      new FrameCutter(size, size, window).cut(clip, first, shape.frames(), pixels);
      tokens.write(pixels, out);
    }
  }
}
