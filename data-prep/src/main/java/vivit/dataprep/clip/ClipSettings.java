package vivit.dataprep.clip;

import java.io.Serializable;

/**
 * Sampling and geometry of clips, on which a shard set and a prediction must agree.
 *
 * @param frames frames per clip; a multiple of {@code tubeletFrames}
 * @param stride distance between consecutive frames of a clip, in frames of the sampling grid
 * @param framesPerSecond rate of the sampling grid; 0 for the source's own frames
 * @param shortSide pixels of the shorter side on disk; 0 keeps the source's size
 * @param tubeletFrames frames per tubelet
 * @param patch height and width of a tubelet, in pixels
 */
public record ClipSettings(
    int frames, int stride, double framesPerSecond, int shortSide, int tubeletFrames, int patch)
    implements Serializable {
  public ClipSettings {
    require(frames >= 1, "frames", frames, "at least 1");
    require(stride >= 1, "stride", stride, "at least 1");
    require(
        framesPerSecond >= 0 && framesPerSecond <= 1000,
        "frames per second",
        framesPerSecond,
        "0 to 1000");
    require(shortSide >= 0, "short side", shortSide, "0 or more");
    require(tubeletFrames >= 1, "tubelet frames", tubeletFrames, "at least 1");
    require(patch >= 1, "patch", patch, "at least 1");
    require(
        frames % tubeletFrames == 0,
        "frames",
        frames,
        "a multiple of the " + tubeletFrames + " frames of a tubelet");
  }

  /**
   * Creates the cutter for clips of a frame size.
   *
   * @throws IllegalArgumentException if a clip would exceed 2 GiB
   */
  public TubeletCutter cutter(int height, int width) {
    return new TubeletCutter(frames, height, width, tubeletFrames, patch);
  }

  private static void require(boolean condition, String what, Object found, String expected) {
    if (!condition) {
      throw new IllegalArgumentException(what + " is " + found + ", expected " + expected);
    }
  }
}
