package vivit.dataprep.video;

import java.io.Serializable;
import vivit.dataprep.clip.ClipSampler;
import vivit.dataprep.clip.ClipSettings;
import vivit.dataprep.clip.Purpose;

/**
 * How many clips of a video, and where: pure data, so that it can cross a process border.
 *
 * @param purpose random positions (training) or evenly spaced views (evaluation)
 * @param clips per video; a single evaluation view is the centre one
 * @param seed of the shard set, for training; with the name of the video it decides the positions
 */
public record ClipPlacement(Purpose purpose, int clips, long seed) implements Serializable {
  public ClipPlacement {
    if (clips < 1) {
      throw new IllegalArgumentException(
          "%d clips of a video, expected 1 or more".formatted(clips));
    }
  }

  /**
   * Where the clips start: one offset per clip, increasing, on a sampling grid of {@code
   * gridLength} moments.
   *
   * @see ClipSampler
   */
  public int[] offsets(int gridLength, ClipSettings settings, String videoId) {
    int frames = settings.frames();
    int stride = settings.stride();
    return switch (purpose) {
      case TRAINING ->
          ClipSampler.trainingOffsets(gridLength, frames, stride, clips, seed, videoId);
      case EVALUATION ->
          clips == 1
              ? new int[] {ClipSampler.centreOffset(gridLength, frames, stride)}
              : ClipSampler.evaluationOffsets(gridLength, frames, stride, clips);
    };
  }
}
