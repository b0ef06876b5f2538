package vivit.spark.input;

import java.nio.FloatBuffer;
import java.util.Optional;
import vivit.model.shape.ClipShape;
import vivit.spark.input.RandomErasing.Box;
import vivit.spark.input.pixels.Planes;

/**
 * Applies colour jitter, random erasing and conversion to tokens to a clip, one time index of
 * tubelets after the other, so that the frames stay in the processor's cache. Not thread-safe.
 */
final class FrameFloats {
  private final ClipTokens tokens;
  private final ClipShape shape;
  private final int frameValues;
  private Planes planes = new Planes(0);
  private float[] slab = new float[0]; // [t, H, W, 3]

  FrameFloats(ClipTokens tokens) {
    this.tokens = tokens;
    this.shape = tokens.clip();
    this.frameValues = shape.height() * shape.width() * 3;
  }

  /**
   * Writes the tokens of a clip.
   *
   * @param pixels {@code [T, H, W, 3]}
   * @param erased the box that is replaced by normal noise
   * @param noise drawn for all frames in order, also for frames without tokens
   */
  void write(
      byte[] pixels, ColourJitter colours, Optional<Box> erased, Draws noise, FloatBuffer out) {
    if (slab.length == 0) {
      planes = new Planes(frameValues / 3);
      slab = new float[tokens.tubeletFrames() * frameValues];
    }
    int next = 0;
    for (int time = 0; time < tokens.times(); time++) {
      for (int t = 0; t < tokens.tubeletFrames(); t++) {
        int frame = tokens.frame(time, t);
        int at = t * frameValues;
        for (; erased.isPresent() && next < frame; next++) {
          erased.get().fill(slab, at, shape.width(), noise::normal);
        }
        planes.load(pixels, frame * frameValues, ClipTokens.NORMALISED);
        colours.apply(planes);
        planes.store(slab, at);
        if (erased.isPresent()) {
          erased.get().fill(slab, at, shape.width(), noise::normal);
          next = frame + 1;
        }
      }
      tokens.writeTime(slab, out);
    }
  }
}
