package vivit.spark.input;

import java.io.Serializable;
import vivit.dataprep.clip.FrameSize;
import vivit.model.shape.ClipShape;

/**
 * Random resized crops: a box of random area and aspect ratio is cut out of the frames and resized
 * to the model's size, as in the training of image networks, PySlowFast and VideoMAE;
 * docs/vivit.md, 6.1.
 *
 * @param minArea smallest area of the box, as a share of the frame's; 0 for no such crops
 * @param aspect largest aspect ratio of the box, one side to the other; at least 1
 * @see <a href="https://arxiv.org/abs/1409.4842">Szegedy et al., Going Deeper with Convolutions</a>
 */
public record ResizedCrop(double minArea, double aspect) implements Serializable {
  private static final int TRIES = 10;

  /** Whether there are no such crops. */
  boolean off() {
    return minArea == 0;
  }

  /**
   * The size that frames are resized to, for a window of the model's size to be a box of them.
   *
   * <p>The area is uniform, the logarithm of the aspect ratio too. A box that sticks out of the
   * frame is drawn again; after ten of them, the largest one of a permitted aspect ratio is taken.
   */
  FrameSize enlarged(FrameSize frames, ClipShape shape, Draws draws) {
    double limit = StrictMath.log(aspect);
    for (int attempt = 0; attempt < TRIES; attempt++) {
      double area = draws.between(minArea, 1) * frames.height() * frames.width();
      double ratio = StrictMath.exp(draws.between(-limit, limit));
      long height = Math.round(Math.sqrt(area / ratio));
      long width = Math.round(Math.sqrt(area * ratio));
      if (height > 0 && height <= frames.height() && width > 0 && width <= frames.width()) {
        return enlarged(frames, shape, height, width);
      }
    }
    long height = Math.min(frames.height(), Math.round(frames.width() * aspect));
    long width = Math.min(frames.width(), Math.round(frames.height() * aspect));
    return enlarged(frames, shape, height, width);
  }

  private static FrameSize enlarged(FrameSize frames, ClipShape shape, long height, long width) {
    return new FrameSize(
        enlarged(frames.height(), shape.height(), height),
        enlarged(frames.width(), shape.width(), width));
  }

  private static int enlarged(int side, int crop, long box) {
    return Math.max(crop, (int) Math.round((double) side * crop / box));
  }
}
