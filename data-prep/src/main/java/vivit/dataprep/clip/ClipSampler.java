package vivit.dataprep.clip;

import java.util.SplittableRandom;

/**
 * Chooses the frames of clips on the sampling grid of a video of {@code length} frames.
 *
 * <p>Frame {@code i} of a clip at offset {@code o} is {@code (o + i·stride) mod length}: short
 * videos loop.
 */
public final class ClipSampler {
  private ClipSampler() {}

  /** The frame indices of the clip that starts at {@code offset}. */
  public static int[] indices(int length, int frames, int stride, int offset) {
    requireLength(length);
    int[] indices = new int[frames];
    for (int i = 0; i < frames; i++) {
      indices[i] = (int) ((offset + (long) i * stride) % length);
    }
    return indices;
  }

  /** Number of different offsets of training clips: {@code max(length - (frames-1)·stride, 1)}. */
  public static int trainingOffsetCount(int length, int frames, int stride) {
    requireLength(length);
    return (int) Math.max(length - (frames - 1L) * stride, 1);
  }

  /**
   * Random offsets of a video's training clips, increasing.
   *
   * <p>The valid offsets are divided into {@code clips} equal intervals and one offset is drawn
   * from each, so that several clips of a video spread over it. Over all clips every offset is
   * equally likely, as in the original code, which draws a single one (docs/vivit.md, 6.1).
   *
   * @param seed of the shard set; together with the video's name it determines the draws
   */
  public static int[] trainingOffsets(
      int length, int frames, int stride, int clips, long seed, String videoId) {
    int count = trainingOffsetCount(length, frames, stride);
    SplittableRandom random = new SplittableRandom(mix(seed, videoId));
    int[] offsets = new int[clips];
    for (int i = 0; i < clips; i++) {
      double position = (i + random.nextDouble()) * count / clips;
      offsets[i] = Math.min((int) position, count - 1);
    }
    return offsets;
  }

  /**
   * Offsets of evaluation views: {@code views} numbers from 0 to {@code max(0, length -
   * frames·stride)}, evenly spaced and truncated. A single view is at 0, as in the original code
   * (docs/vivit.md, 7.2); {@link #centreOffset} gives the centre view.
   */
  public static int[] evaluationOffsets(int length, int frames, int stride, int views) {
    long slack = slack(length, frames, stride);
    int[] offsets = new int[views];
    for (int view = 1; view < views; view++) {
      offsets[view] = (int) (view * slack / (views - 1));
    }
    return offsets;
  }

  /** Offset of the single centre clip: {@code max(0, ⌊(length - frames·stride)/2⌋)}. */
  public static int centreOffset(int length, int frames, int stride) {
    return (int) (slack(length, frames, stride) / 2);
  }

  private static long slack(int length, int frames, int stride) {
    requireLength(length);
    return Math.max(0, length - (long) frames * stride);
  }

  private static void requireLength(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("A video of %d frames has no clips".formatted(length));
    }
  }

  /** FNV-1a over the name, then the seed: stable across JVMs and releases. */
  private static long mix(long seed, String videoId) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < videoId.length(); i++) {
      hash = (hash ^ videoId.charAt(i)) * 0x100000001b3L;
    }
    return hash * 0x9e3779b97f4a7c15L + seed;
  }
}
