package vivit.spark.input;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Optional;
import vivit.dataprep.label.ClipLabels;
import vivit.dataprep.shard.Clip;
import vivit.model.shape.ClipShape;
import vivit.spark.input.ClipCutter.Cut;
import vivit.spark.input.ClipCutter.Mirror;
import vivit.spark.input.Draws.Use;
import vivit.spark.input.Mirroring.FlipDirection;
import vivit.spark.input.RandomErasing.Box;
import vivit.spark.schedule.StepValues;
import vivit.spark.schedule.Strength;

/**
 * Converts a stored clip to the tokens that a step trains on (docs/vivit.md, 6.1): cut,
 * RandAugment, bytes to floats, colour jitter, random erasing, tubelets.
 *
 * <p>Each augmentation has its own stream of draws, a pure function of (seed, epoch, clip), and of
 * the number of the use where a clip is used several times an epoch: a clip is the same on any
 * number of workers, and no augmentation changes the draws of another. Not thread-safe.
 */
public final class ClipAugmenter {
  private final ClipTokens tokens;
  private final ClipShape shape;
  private final ClipCutter cutter;
  private final RandAugment randAugment;
  private final Mirroring mirroring;
  private final FrameFloats frames;
  private final long seed;

  /**
   * The settings of augmentation; schedules give probabilities and strengths.
   *
   * @param minScale smallest factor of the scale jitter
   * @param maxScale largest factor of the scale jitter
   * @param resizedCrop random resized crops, instead of scale jitter
   * @param flipDirection treatment of classes that distinguish left from right
   * @param randAugment operations in a row
   */
  public record Augmentation(
      double minScale,
      double maxScale,
      ResizedCrop resizedCrop,
      FlipDirection flipDirection,
      RandAugment randAugment)
      implements Serializable {}

  /**
   * Creates an augmenter of one run.
   *
   * @param mirroring of the run's classes
   * @param seed of the run
   */
  public ClipAugmenter(
      ClipTokens tokens, Augmentation augmentation, Mirroring mirroring, long seed) {
    this.tokens = tokens;
    this.shape = tokens.clip();
    this.cutter =
        new ClipCutter(
            shape, augmentation.minScale(), augmentation.maxScale(), augmentation.resizedCrop());
    this.randAugment = augmentation.randAugment();
    this.mirroring = mirroring;
    this.frames = new FrameFloats(tokens);
    this.seed = seed;
  }

  /** Number of token values of one clip. */
  public int values() {
    return tokens.values();
  }

  /**
   * Writes a clip's tokens to {@code out} and advances its position by {@link #values}.
   *
   * @param use of the clip, the key of all draws
   * @return the classes of the augmented clip
   */
  public ClipLabels write(Clip clip, ClipUse use, StepValues values, FloatBuffer out) {
    Mirror mirror = mirroring.allowed(clip.labels()) ? Mirror.ALLOWED : Mirror.FORBIDDEN;
    Cut cut = cutter.cut(clip, values, mirror, use.draws(Use.AUGMENTATION, seed));
    double magnitude = values.of(Strength.RAND_AUGMENT);
    randAugment.apply(cut.pixels(), shape, magnitude, use.draws(Use.RAND_AUGMENT, seed));
    ColourJitter colours = ColourJitter.draw(values, use.draws(Use.COLOUR, seed));
    Draws erasing = use.draws(Use.ERASING, seed);
    Optional<Box> box = RandomErasing.draw(shape, values.of(Strength.RANDOM_ERASING), erasing);
    if (colours.idle() && box.isEmpty()) {
      tokens.write(cut.pixels(), out);
    } else {
      frames.write(cut.pixels(), colours, box, erasing, out);
    }
    return cut.mirrored() ? mirroring.mirrored(clip.labels()) : clip.labels();
  }
}
