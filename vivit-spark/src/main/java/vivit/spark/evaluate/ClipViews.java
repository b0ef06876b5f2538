package vivit.spark.evaluate;

import java.nio.FloatBuffer;
import vivit.dataprep.clip.FrameCutter;
import vivit.dataprep.clip.FrameCutter.Columns;
import vivit.dataprep.clip.FrameCutter.Window;
import vivit.dataprep.clip.FrameSize;
import vivit.dataprep.shard.Clip;
import vivit.model.ViViTConfig;
import vivit.model.shape.ClipShape;
import vivit.spark.input.ClipTokens;

/**
 * Stored clips as the tokens of their crops. Of a stored clip with more frames than the model's,
 * the middle ones are taken. For one thread at a time.
 */
final class ClipViews {
  private final ClipShape shape;
  private final ClipTokens tokens;
  private final int crops;
  private final byte[] pixels;

  /** For the clips of a model, {@code crops} of each. */
  ClipViews(ViViTConfig config, int crops) {
    this.shape = config.clip();
    this.tokens = new ClipTokens(config);
    this.crops = crops;
    this.pixels = new byte[shape.frames() * shape.height() * shape.width() * 3];
  }

  /** Writes the tokens of a clip's crops, in order. */
  void write(Clip clip, FloatBuffer out) {
    if (clip.frames() < shape.frames()) {
      throw new IllegalArgumentException(
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
